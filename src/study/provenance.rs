//! Where figures are from: what must be the same for the same figures to come out again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Model, default_value};
use crate::plan::DEFAULTS;

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where figures are from. The scenario and these make the same bytes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Version of the program that simulated.
    pub cutline: String,
    /// What that program was built for: processor, system and the system's library.
    pub target: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Hash of the resolved scenario: 16 hexadecimal digits.
    pub scenario_hash: String,
}

impl Provenance {
    /// Of what this program finds for the scenario.
    pub fn of(model: &Model) -> Self {
        Self {
            cutline: VERSION.to_string(),
            target: target(),
            seed: model.run.seed,
            scenario_hash: scenario_hash(model),
        }
    }
}

/// What this program was built for: processor, system and the system's library, whose exponential
/// functions are part of the draws.
pub fn target() -> String {
    let library = match () {
        () if cfg!(target_env = "gnu") => "-gnu",
        () if cfg!(target_env = "musl") => "-musl",
        () if cfg!(target_env = "msvc") => "-msvc",
        () => "",
    };
    format!("{}-{}{library}", std::env::consts::ARCH, std::env::consts::OS)
}

/// The fingerprint of the resolved scenario, with the defaults that enter every plan: 16 hexadecimal
/// digits.
pub fn scenario_hash(model: &Model) -> String {
    let key = DEFAULTS.iter().fold(model.fingerprint, |key, default| {
        key.named(default.key).named(&default_value(default.key).value)
    });
    format!("{:016x}", key.0)
}
