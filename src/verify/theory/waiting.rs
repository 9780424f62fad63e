//! Cases of the oracle file that the language cannot express yet.

/// Each with the feature that it waits for.
pub const WAITING: &[(&str, &str)] = &[
    ("retrial-mm1", "retries of a rejected call after a delay"),
    ("retry-error-10pct", "retries of a failed call"),
    ("timeout-retry-2", "timeouts and retries of a call"),
    ("breakdown-mm1", "random faults that stop an instance and keep its work"),
    ("avail-2of3", "random faults of replicas and a repair crew"),
    ("avail-3of5", "random faults of replicas and repair crews"),
    ("setup-mm1", "an autoscaler that scales to zero, with start-up time"),
    ("lru-n8-c3", "a cache simulated key by key with LRU eviction"),
    ("lru-n300-c30", "a cache simulated key by key with LRU eviction"),
    ("fifo-n7-c3", "a cache simulated key by key with FIFO eviction"),
    ("ttl-cache-50", "a cache simulated key by key whose entries expire"),
    ("dualwrite-crash", "faults that end a process between a commit and what it publishes"),
    ("dualwrite-crash-and-broker", "the same, and a broker that is down at times"),
    ("duplicates-auto-commit", "faults of a consumer, which takes again what it had not confirmed"),
    (
        "duplicates-auto-commit-fast",
        "faults of a consumer, which takes again what it had not confirmed",
    ),
    ("lag-after-outage", "faults that stop a consumer for a while"),
];
