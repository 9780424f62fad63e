//! What is found of when the parts of a transaction begin and commit: a part of the findings of a layout.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::named::Named;

/// When the parts of a transaction begin and commit, on average over those that committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeLineFindings {
    /// How it is kept together: `local` (by its database), `none`, `2pc`, `saga`.
    pub how: String,
    /// Time from its begin until it is over and its caller goes on (s).
    pub over_seconds: Estimate,
    /// Its parts by the name of their database, those that begin first in front.
    pub parts: Named<PartFindings>,
}

/// When the part of a transaction on one database has come how far: mean times since the transaction began. Of several
/// parts on one database the first beginning counts, and the last of all that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartFindings {
    /// Until it has a connection and its first statement is on its way (s).
    pub begins_seconds: Estimate,
    /// Until its first row is locked (s).
    pub locks_seconds: Estimate,
    /// Until its database has promised to commit (s); null but in a two-phase commit.
    pub prepared_seconds: Option<Estimate>,
    /// Until its database learns that all have promised (s); null but in a two-phase commit.
    pub decided_seconds: Option<Estimate>,
    /// Until it is committed (s).
    pub committed_seconds: Estimate,
}
