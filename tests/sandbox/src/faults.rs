//! Faults: what the next calls of an operation suffer instead of a plain answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::one_shot;
use crate::routes::Operation;
use crate::state::World;

/// Before the call is processed, or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    Before,
    After,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Drop,
    Delay,
    Status,
    Truncate,
    NotJson,
    BigError,
    Slow,
    Body,
    StallReading,
    SlowReading,
    StallAnswer,
}

/// One fault, as the control API takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// The operation's name, or `*` for any.
    pub(crate) operation: String,
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) when: Option<When>,
    /// How many calls suffer it.
    #[serde(default = "once")]
    pub(crate) times: u64,
    /// How many calls pass unharmed before.
    #[serde(default)]
    pub(crate) skip: u64,
    #[serde(default)]
    pub(crate) ms: Option<u64>,
    #[serde(default)]
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) body: Option<Value>,
    #[serde(default)]
    pub(crate) content_type: Option<String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Seconds for the Retry-After header.
    #[serde(default)]
    pub(crate) retry_after: Option<u64>,
    /// `drop`, `stall_reading`: bytes of the request body read before; `big_error`: size of the page.
    #[serde(default)]
    pub(crate) bytes: Option<u64>,
}

fn once() -> u64 {
    1
}

impl Fault {
    /// The moment that was asked for, or the one that the kind is made for.
    pub(crate) fn moment(&self) -> When {
        self.when.unwrap_or(match self.kind {
            Kind::Drop | Kind::Delay | Kind::Status | Kind::BigError | Kind::StallReading | Kind::SlowReading => When::Before,
            Kind::Truncate | Kind::NotJson | Kind::Slow | Kind::Body | Kind::StallAnswer => When::After,
        })
    }

    fn check(&self) -> Result<(), String> {
        if self.operation != "*" && Operation::by_name(&self.operation).is_none() && !one_shot::is_operation(&self.operation) {
            return Err(format!("unknown operation {}", self.operation));
        }
        if matches!(self.kind, Kind::StallReading | Kind::SlowReading) && self.when == Some(When::After) {
            return Err("stall_reading and slow_reading come before processing".to_owned());
        }
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status is 200 to 599".to_owned());
        }
        if self.kind == Kind::Body && self.body.is_none() {
            return Err("the fault body needs a body".to_owned());
        }
        for (name, value) in &self.headers {
            if hyper::header::HeaderName::from_bytes(name.as_bytes()).is_err() || hyper::header::HeaderValue::from_str(value).is_err() {
                return Err(format!("no header: {name}"));
            }
        }
        Ok(())
    }
}

/// One fault or a list of them.
pub(crate) fn parse(body: &Value) -> Result<Vec<Fault>, String> {
    let list = match body {
        Value::Array(list) => list.clone(),
        Value::Object(map) if map.contains_key("faults") => map["faults"].as_array().cloned().ok_or("faults is a list")?,
        other => vec![other.clone()],
    };
    let mut faults = Vec::with_capacity(list.len());
    for item in list {
        let fault: Fault = serde_json::from_value(item).map_err(|error| format!("wrong fault: {error}"))?;
        fault.check()?;
        faults.push(fault);
    }
    Ok(faults)
}

/// The fault that this call of `operation` suffers; it is counted down.
pub(crate) fn next(world: &mut World, operation: Operation) -> Option<Fault> {
    next_named(world, operation.name())
}

/// The same, by the operation's name. A name that the RA API has too means the RA API's operation.
pub(crate) fn next_named(world: &mut World, operation: &str) -> Option<Fault> {
    let other = |fault: &Fault| Operation::by_name(&fault.operation).is_none() && one_shot::means(&fault.operation, operation);
    let faults = &mut world.faults;
    let mut found = None;
    for (index, fault) in faults.iter_mut().enumerate() {
        if fault.operation != "*" && fault.operation != operation && !other(fault) {
            continue;
        }
        if fault.skip > 0 {
            fault.skip -= 1;
            continue;
        }
        fault.times = fault.times.saturating_sub(1);
        found = Some((index, fault.clone()));
        break;
    }
    let (index, fault) = found?;
    if fault.times == 0 {
        faults.remove(index);
    }
    Some(fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_faults_are_refused() {
        for wrong in [
            json!({"operation": "nope", "kind": "drop"}),
            json!({"operation": "create_request", "kind": "explode"}),
            json!({"operation": "create_request", "kind": "body"}),
            json!({"operation": "create_request", "kind": "status", "status": 99}),
            json!({"operation": "create_request", "kind": "drop", "extra": 1}),
        ] {
            assert!(parse(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn skip_and_times_count_down() {
        let mut world = World::new(crate::state::State::new(0));
        world.faults = parse(&json!([{"operation": "get_request", "kind": "drop", "skip": 1, "times": 2}])).expect("valid");
        let hit: Vec<bool> = (0..4).map(|_| next(&mut world, Operation::GetRequest).is_some()).collect();
        assert_eq!(hit, [false, true, true, false]);
        assert!(next(&mut world, Operation::CreateRequest).is_none());
    }
}
