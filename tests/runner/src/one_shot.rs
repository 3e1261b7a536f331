//! What the tests of the One-Shot API begin with.

use std::fmt::Write as _;

use serde_json::{Value, json};
use videoid::config::Dialect;
use videoid::model::{NewVideoId, OneShotRao, RequestPk};
use videoid::{OneShot, OneShotConfig, Source};

use crate::story::Stage;

impl Stage {
    /// Settings of a One-Shot client with the sandbox's billing account.
    ///
    /// # Panics
    /// Where a field has not the form of `OneShotConfig`.
    pub fn one_shot_config(&self, dialect: &str, over: Value) -> OneShotConfig {
        let ready = self.sandbox.ready();
        let known = &ready["one_shot"];
        let mut config = json!({
            "environment": "custom", "base_url": self.sandbox.one_shot_url(), "dialect": dialect,
            "registration_authority": known["ra"]["id"], "env": known["env"],
            "billing_username": known["billing"]["username"], "billing_password": known["billing"]["password"],
            "retry": { "base_delay_ms": 1 },
        });
        if let Value::Object(over) = over {
            for (name, value) in over {
                config[name] = value;
            }
        }
        serde_json::from_value(config).expect("the settings have the form of OneShotConfig")
    }

    /// A One-Shot client over plain HTTP.
    ///
    /// # Panics
    /// Where the client cannot be made.
    pub fn one_shot(&self, dialect: &Dialect) -> OneShot {
        OneShot::new(self.one_shot_config(dialect.as_str(), json!({}))).expect("the settings are sound")
    }

    /// The officer's credentials as the One-Shot API takes them.
    pub fn one_shot_rao(&self) -> OneShotRao {
        OneShotRao::from(&self.rao())
    }

    /// The user finishes, leaves or fails.
    ///
    /// # Panics
    /// Where the sandbox has no such request.
    pub fn one_shot_user(&self, pk: RequestPk, outcome: &str) {
        self.sandbox.one_shot_user(pk.0.unsigned_abs(), &json!({ "outcome": outcome })).expect("the request waits for its user");
    }

    /// The one-time password that was sent last.
    ///
    /// # Panics
    /// Where there is none.
    pub fn one_shot_otp(&self, pk: RequestPk) -> String {
        let otp = self.sandbox.one_shot_otp(pk.0.unsigned_abs()).expect("a one-time password was sent");
        otp["otp"].as_str().expect("text").to_owned()
    }
}

/// Both dialects.
pub fn dialects() -> [Dialect; 2] {
    [Dialect::Current, Dialect::Legacy]
}

/// A VideoID request of the fictitious holder.
pub fn videoid() -> NewVideoId {
    NewVideoId::new("PFnubeQAFCiudadano", "anna@example.com", "+34600000000")
}

/// A PDF of one empty page; `mark` makes it another one.
pub fn pdf(mark: &str) -> Source {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Mark({mark})>>"),
    ];
    let mut out = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let table = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ = write!(out, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    Source::bytes(out.into_bytes())
}
