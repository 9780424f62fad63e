//! What stands under the help of each command: lines to copy. A test holds that the program takes each.

pub(super) const PROGRAM: &str = "\
Examples:
  cutline init shop
  cutline check scenario.yaml
  cutline run scenario.yaml

Exit codes: 0 done; 1 the program found itself wrong, or runs part; 2 usage, a bad scenario or a file; 3 a promise \
is not kept, or a load not carried; 129, 130 and 143 interrupted.";

pub(super) const RUN: &str = "\
Examples:
  cutline run scenarios/shop.yaml
  cutline run scenarios/shop.yaml --layout monolith --duration 2min --replications 5
  cutline run scenarios/shop.yaml --set workload.arrivals.poisson=800/s --endpoint each
  cutline run scenarios/shop.yaml --format json --quiet --out output/again";

pub(super) const SWEEP: &str = "\
Examples:
  cutline sweep scenarios/shop.yaml --vary 'workload.arrivals.poisson=100/s..800/s x 4 log'
  cutline sweep scenarios/shop.yaml --vary layouts.monolith.services.shop.cpu=1,2,4 --layout monolith
  cutline sweep scenarios/hot-row.yaml --resume";

pub(super) const REPORT: &str = "\
Examples:
  cutline report output/shop
  cutline report output/shop --endpoint each --format md --out output/shop-again";

pub(super) const COMPARE: &str = "\
Examples:
  cutline compare output/before output/after
  cutline compare scenarios/shop.yaml --layout monolith --set-b layouts.monolith.services.shop.replicas=3 \
--set run.fixed.duration=1min";

pub(super) const CHECK: &str = "\
Examples:
  cutline check scenarios/shop.yaml
  cutline check scenarios/shop.yaml --set workload.arrivals.poisson=2000/s --layout monolith
  cutline check scenarios/shop.yaml --format github
  cutline check scenarios/shop.yaml --list-layouts";

pub(super) const EXPLAIN: &str = "\
Examples:
  cutline explain scenarios/shop.yaml --layout monolith
  cutline explain scenarios/shop.yaml --format json
  cutline explain --codes";

pub(super) const DIFF_TRACE: &str = "\
Examples:
  cutline diff-trace scenarios/shop.yaml --layout monolith --set-b layouts.monolith.databases.main.pool=2
  cutline diff-trace scenarios/shop.yaml --layout monolith --layout-b modular-monolith --duration 10s";

pub(super) const CALIBRATE: &str = "\
Columns of FILE, by name in any order: case, layout, endpoint (or `all`), clients or rate_per_s, and what was \
measured: throughput_per_s, mean_ms, p50_ms, p90_ms, p99_ms, cpu_us; set (`path=value; path=value`) and source. \
Rows with 1 client are fitted, all others are predicted.

Example:
  cutline calibrate scenarios/real-shop.yaml --measured data/measured/real-shop.csv";

pub(super) const VERIFY: &str = "\
Examples:
  cutline verify --quick
  cutline verify --list --format json
  cutline verify --show mm1-rho50";

pub(super) const SCHEMA: &str = "\
Example:
  cutline schema

`cutline schema > scenario.schema.json` beside a scenario whose first line is \
`# yaml-language-server: $schema=scenario.schema.json` lets an editor with the YAML language server know the \
language; `cutline init` writes both.";

pub(super) const INIT: &str = "\
Examples:
  cutline init
  cutline init shop --out shop/scenario.yaml
  cutline init --list";

pub(super) const COMPLETIONS: &str = "\
Example:
  cutline completions bash

Once and for all, in the file that the shell reads when it starts:
  bash        source <(cutline completions bash)
  zsh         source <(cutline completions zsh)
  fish        cutline completions fish | source
  elvish      eval (cutline completions elvish | slurp)
  powershell  cutline completions powershell | Out-String | Invoke-Expression";

pub(super) const MAN: &str = "\
Example:
  cutline man output/man";
