//! Ways to break a file: a table of them, each with what is said of it, where, and what to do. Every one is refused,
//! by a mistake that has this code and place and says this; other mistakes may follow from it.

/// A scenario that reads, in the style of the shipped ones.
pub(super) const GOOD: &str = "\
cutline: 1
name: small
application:
  modules:
    shop:
      tables: { orders: { rows: 5k, row_size: 1KiB } }
      operations:
        buy: [ cpu: { exp: 1ms }, read: orders ]
workload:
  arrivals: { poisson: 100/s }
  endpoints: { buy: { call: shop.buy } }
layouts:
  one:
    services: { shop: { cpu: 2, threads: 4 } }
    databases: { db: { tables: all, cpu: 2, memory: 1GiB } }
platform: { network: none, prices: none }
run: { fixed: { duration: 2s, replications: 2 } }
";

/// What is written for what, then code and place, then a part of what is said.
pub(super) type Way = (&'static str, &'static str, &'static str, &'static str);

/// Ways in which a file is badly written.
pub(super) const WAYS: &[Way] = &[
    ("name: small", "name\u{ff1a}small", "syntax 2:5", "write `:` and a space; a name that has it"),
    (
        "  arrivals: {",
        "  arrivals\u{ff1a} {",
        "syntax 10:11",
        "write `:` and a space; a name that has it",
    ),
    ("exp: 1ms", "exp\u{ff1a}1ms", "syntax 8:26", "write `:` and a space; a name that has it"),
    (
        "cpu: 2, threads",
        "cpu: 2\u{ff0c}threads",
        "syntax 14:31",
        "write `,`; a name that has it is written in",
    ),
    (
        "{ poisson: 100/s }",
        "\u{ff5b} poisson: 100/s \u{ff5d}",
        "syntax 10:13",
        "write `{`; a name that has it is written in",
    ),
    (
        "duration: 2s",
        "duration:\u{a0}2s",
        "syntax 17:26",
        "write a plain space; a name that has it is",
    ),
    (
        "  arrivals",
        "\u{a0}\u{a0}arrivals",
        "syntax 10:1",
        "write a plain space; a name that has it is",
    ),
    ("  arrivals", "\u{3000}arrivals", "syntax 10:1", "write a plain space; a name that has it is"),
    ("100/s", "100\u{ff0f}s", "syntax 10:27", "write `/`; a name that has it is written in"),
    (
        "name: small",
        "name: \u{201c}small\u{201d}: x",
        "syntax 2:7",
        "write `\"`; a name that has it is written in",
    ),
    ("  arrivals", "\tarrivals", "tab-indentation 10:2", "YAML is indented with spaces"),
    (
        "name: small",
        "name: a\u{7}b",
        "control-character 2:8",
        "remove it, or write it as an escape in",
    ),
    ("exp: 1ms", "exp: 1,5ms", "bad-value 8:28", "write fractions with a point, `1.5ms`: a"),
    (
        "cpu: 2, threads",
        "cpu: 2,5, threads",
        "bad-value 14:30",
        "write fractions with a point, `2.5`: a",
    ),
    (
        "duration: 2s",
        "duration: \"2,5s\"",
        "bad-value 17:27",
        "write fractions with a point (`1.5`) and",
    ),
    (
        "duration: 2s",
        "duration: 2",
        "missing-unit 17:27",
        "write a duration such as `2ms` (units: ns,",
    ),
    ("100/s", "100", "missing-unit 10:24", "write a rate such as `100/s` (units: /s,"),
    ("1KiB", "1024", "missing-unit 6:47", "write a size such as `1024MiB` (units: B,"),
    (
        "duration: 2s",
        "duration: two seconds",
        "bad-value 17:27",
        "write a duration such as `5ms` (units: ns,",
    ),
    (
        "duration: 2s",
        "duration: 2 parsecs",
        "bad-value 17:27",
        "write a duration such as `2ms` (units: ns,",
    ),
    (
        "duration: 2s",
        "duration: -2s",
        "bad-value 17:27",
        "write a duration such as `2s` (units: ns,",
    ),
    ("duration: 2s", "duration:", "wrong-type 17:25", "a quantity with its unit is expected here;"),
    ("threads: 4", "threads: four", "unknown-word 14:42", "numbers are written in digits: `4`"),
    ("threads: 4", "threads: asynch", "unknown-word 14:42", "did you mean `async`?"),
    (
        "threads: 4",
        "threads: 4, replicas: two",
        "bad-value 14:55",
        "numbers are written in digits: `2`",
    ),
    (
        "threads: 4",
        "threads: 4, replicas: 2.5",
        "bad-value 14:55",
        "write a count such as `5k` (units: none, k,",
    ),
    (
        "threads: 4",
        "threads: 4, replicas: 0",
        "out-of-range 14:55",
        "a number of replicas is from 1 to 100000;",
    ),
    (
        "cpu: 2, threads",
        "cpu: two, threads",
        "bad-value 14:30",
        "numbers are written in digits: `2`",
    ),
    (
        "cpu: 2, threads",
        "cpu: 2 cores, threads",
        "bad-value 14:30",
        "write it without a unit, such as `1.5`",
    ),
    (
        "cpu: 2, threads",
        "cpu: 0, threads",
        "out-of-range 14:30",
        "a number of cores must be above zero; found",
    ),
    ("rows: 5k", "rows: many", "bad-value 6:33", "write a count such as `5k` (units: none, k,"),
    (
        "memory: 1GiB",
        "memory: 1",
        "missing-unit 15:53",
        "write a size such as `1MiB` (units: B, KB,",
    ),
    (
        "memory: 1GiB",
        "memory: lots",
        "bad-value 15:53",
        "write a size such as `5MiB` (units: B, KB,",
    ),
    (
        "{ call: shop.buy } }",
        "{ call: shop.buy }",
        "syntax 11:14",
        "write `}` behind what belongs to it",
    ),
    (
        "replications: 2 } }",
        "replications: 2 }",
        "syntax 17:6",
        "write `}` behind what belongs to it",
    ),
    (
        "{ exp: 1ms }, read",
        "{ exp: 1ms, read",
        "syntax 8:21",
        "it is closed by `}`, before what it stands",
    ),
    ("read: orders ]", "read: orders", "syntax 8:14", "write `]` behind what belongs to it"),
    (
        "{ call: shop.buy } }",
        "{ call: shop.buy } } }",
        "syntax 11:42",
        "remove it, or open one before it",
    ),
    ("exp: 1ms }", "exp: 1ms ]", "syntax 8:21", "it is closed by `}`, before what it stands"),
    ("name: small", "name: \"small", "syntax 2:7", "write it behind the last word of the text,"),
    ("name: small", "name: 'small", "syntax 2:7", "write it behind the last word of the text,"),
    ("cpu: 2, threads", "cpu: 2 threads", "syntax 14:39", "between brackets, parts are set off by"),
    (
        "poisson: 100/s",
        "poisson: lognormal(mean 2ms, cv 1)",
        "not-one-key 10:44",
        "an arrival process is a map with one key;",
    ),
    ("  endpoints", " endpoints", "syntax 11:2", "write 2 spaces before it, like line 10"),
    ("  endpoints", "   endpoints", "syntax 11:4", "write 2 spaces before it, like line 10"),
    ("layouts:", " layouts:", "syntax 12:2", "write 2 spaces before it, like line 11"),
    ("    databases", "   databases", "syntax 15:4", "write 4 spaces before it, like line 14"),
    (
        "      operations:",
        "       operations:",
        "syntax 7:8",
        "write 6 spaces before it, like line 6",
    ),
    ("        buy: [", "        - cpu: 1ms\n        buy: [", "syntax 9:9", "write `- ` before it"),
    ("name: small", "name small", "syntax 2:1", "write `name: value`"),
    ("name: small", "name:small", "syntax 2:1", "write `name: small`"),
    (
        "name: small",
        "name: small: big",
        "syntax 2:12",
        "text with a colon and a space is written in",
    ),
    (
        "name: small",
        "name: small\nname: big",
        "duplicate-key 3:1",
        "remove one of them, or give it another name",
    ),
    ("name: small", "name: *small", "unknown-alias 2:7", "text that starts with `*` is written in"),
    (
        "name: small",
        "name: !env small",
        "unknown-tag 2:7",
        "leave it out; text that starts with `!` is",
    ),
    ("name: small", ": small", "bad-key 2:1", "write a name before the colon"),
];

/// The same for whole texts.
pub(super) const TEXTS: &[(&str, &str, &str)] = &[
    (
        "services:\n  web: { image: nginx }\n",
        "not-a-scenario 1:1",
        "`cutline init` writes a scenario to begin",
    ),
    (
        "version: \"3\"\nservices: { web: { image: nginx } }\n",
        "not-a-scenario 1:1",
        "`cutline init` writes a scenario to begin",
    ),
    (
        "apiVersion: apps/v1\nkind: Deployment\n",
        "not-a-scenario 1:1",
        "`cutline init` writes a scenario to begin",
    ),
    (
        "apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Pod\n",
        "not-a-scenario 1:1",
        "`cutline init` writes a scenario to begin",
    ),
    (
        "{ \"cutline\": \"0.1.0\", \"seed\": 42, \"scenario_hash\": \"98f9\", \"layouts\": {} }",
        "not-a-scenario 1:3",
        "give the scenario that it is from; `cutline",
    ),
    (
        "on: push\njobs: { test: { steps: [] } }\n",
        "not-a-scenario 1:1",
        "a scenario begins with `cutline: 1`;",
    ),
    ("- a\n- b\n", "wrong-type 1:1", "write a map: `name: value` a line, or `{"),
    ("hello\n", "wrong-type 1:1", "write a map: `name: value` a line, or `{"),
    ("", "empty-scenario 1:1", "start with `cutline: 1`; the files in"),
    ("# later\n", "empty-scenario 1:1", "start with `cutline: 1`; the files in"),
    (
        "cutline: 1\n---\ncutline: 1\n",
        "several-documents 2:1",
        "put it into a file of its own, or remove",
    ),
];
