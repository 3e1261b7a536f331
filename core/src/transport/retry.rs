//! When a call is repeated, and after which pause.

use std::sync::Mutex;
use std::time::Duration;

use crate::config::RetryConfig;

/// A success gives back this part of a token.
const REFUND: f64 = 0.1;

/// The tokens that all calls of a client share.
pub(crate) struct Budget {
    tokens: Mutex<f64>,
    max: f64,
}

impl Budget {
    pub(crate) fn new(config: &RetryConfig) -> Self {
        let max = config.budget as f64;
        Self { tokens: Mutex::new(max), max }
    }

    /// Takes a token for a repetition; false where there is none left.
    pub(crate) fn take(&self) -> bool {
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let enough = *tokens >= 1.0;
        if enough {
            *tokens -= 1.0;
        }
        enough
    }

    pub(crate) fn refund(&self) {
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *tokens = (*tokens + REFUND).min(self.max);
    }
}

/// The pause before attempt `attempt + 1`; `None` where the service asks for more patience than the settings allow.
pub(crate) fn pause(config: &RetryConfig, attempt: u32, retry_after: Option<Duration>) -> Option<Duration> {
    let max = Duration::from_millis(u64::try_from(config.max_delay_ms).unwrap_or(0));
    if let Some(after) = retry_after {
        return (after <= max).then_some(after);
    }
    let base = u64::try_from(config.base_delay_ms).unwrap_or(0);
    let bound = base.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(u64::try_from(max.as_millis()).unwrap_or(u64::MAX));
    Some(Duration::from_millis(fastrand::u64(0..=bound)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_runs_out_and_is_refilled_slowly() {
        let budget = Budget::new(&RetryConfig { budget: 2, ..RetryConfig::default() });
        assert!(budget.take() && budget.take() && !budget.take());
        (0..9).for_each(|_| budget.refund());
        assert!(!budget.take());
        (0..2).for_each(|_| budget.refund());
        assert!(budget.take());
    }

    #[test]
    fn pauses_are_jittered_bounded_and_obey_retry_after() {
        let config = RetryConfig { base_delay_ms: 100, max_delay_ms: 300, ..RetryConfig::default() };
        for attempt in 1..40 {
            let bound = (100_u64 << (attempt - 1).min(10)).min(300);
            assert!(pause(&config, attempt, None).unwrap() <= Duration::from_millis(bound));
        }
        assert_eq!(pause(&config, 1, Some(Duration::from_millis(250))), Some(Duration::from_millis(250)));
        assert_eq!(pause(&config, 1, Some(Duration::from_secs(5))), None);
    }
}
