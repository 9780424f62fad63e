//! Cases with an answer by hand: constant work, one client, nobody in the way.

use super::{HEAD, calibrated, options, refused, unknown};

/// One request is two operations of 1 ms each; another is one of them.
const TWO: &str = "
cutline: 1
name: two
application:
  modules:
    a:
      operations:
        both: [ cpu: 1ms, call: a.second ]
        second: [ cpu: 1ms ]
        slow: [ wait: 5ms, cpu: 0.1ms ]
workload:
  arrivals: { closed: { users: 1, think: 0ms } }
  endpoints:
    both: { share: 1, call: a.both }
    second: { share: 1, call: a.second }
    slow: { share: 1, call: a.slow }
layouts: { one: { services: { a: { cpu: 4, threads: 64 } } } }
platform: { network: none, prices: none, context_switch: none }
run: { fixed: { duration: 2s, replications: 2 } }
";

const BOTH: &str = "application.modules.a.operations.both";
const SECOND: &str = "application.modules.a.operations.second";

fn rows(rows: &str) -> String {
    format!("{HEAD}{rows}")
}

/// One sum of 3 ms is measured of two operations of 1 ms. Both logarithms x are the same; the sum is 2 eˣ ms, of which
/// each has a half, so (ln 1.5 − x)/σ²/2 = x/s² with σ = 0.03 and s = ln 3. Along the difference nothing is known,
/// so its variance stays s²; along the sum it is 1/(1/2σ² + 1/s²).
#[test]
fn of_one_sum_the_parts_stay_open_and_the_sum_is_told() {
    let found = calibrated(TWO, &rows("sum,one,both,1,,,3,,,,,\n"), &options());
    let (error, prior) = (0.03f64, 3f64.ln());
    let best = 1.5f64.ln() / (1.0 + 2.0 * error * error / prior / prior);
    let along_sum = 1.0 / (0.5 / error / error + 1.0 / prior / prior);
    let deviation = ((prior * prior + along_sum) / 2.0).sqrt();
    for path in [BOTH, SECOND] {
        let own = unknown(&found, path);
        assert!((own.factor.value.ln() - best).abs() < 3e-3, "{own:?}");
        // The exact law, by quadrature along the curve of that sum: 95 % lie in 0.164 … 2.836, and 47.6 % of the
        // variance is gone. Draws spread a little further.
        let [low, high] = own.factor.ci95.expect("an interval");
        assert!((0.08..0.17).contains(&low) && (2.75..3.0).contains(&high), "{own:?}");
        assert!((own.prior_deviation - prior).abs() < 1e-12 && !own.determined);
        let removed = 1.0 - (deviation / prior).powi(2);
        assert!((0.2..removed.min(0.48)).contains(&own.removed_share), "{own:?}");
    }
    assert_eq!(found.sums.len(), 1);
    assert_eq!(
        (found.sums[0].case.as_str(), found.sums[0].unknowns.as_slice()),
        ("sum", &[BOTH.to_string(), SECOND.to_string()][..])
    );
    let said = &found.remarks[0].message;
    assert!(said.contains(&format!("only the sum of `{BOTH}` and `{SECOND}` is known")), "{said}");
    assert!((found.lone[0].fitted_seconds / 3e-3 - 1.0).abs() < 0.002 && found.converged);
}

#[test]
fn a_second_row_parts_the_sum_and_more_rows_than_unknowns_agree_on_a_mean() {
    // The parts are 2.4 and 0.6 ms; the sum is measured three times, once a little off.
    let csv = rows(
        "sum,one,both,1,,,3,,,,,\nsum 2,one,both,1,,,3.06,,,,3000,\nsum 3,one,both,1,,1000,,,,,,run.seed=7\n\
         part,one,second,1,,,0.6,,,,600,\n",
    );
    // The third row says 1 ms where the others say 3: no chance.
    let told = refused(TWO, &csv, &options());
    assert!(
        told.iter().any(|one| one.contains("`sum 3`: a mean of 1 ms was measured")),
        "{told:?}"
    );
    assert!(told.iter().any(|one| one.contains("pulls the other way")), "{told:?}");
    let found = calibrated(TWO, &csv.replace(",1000,", ",333.3,"), &options());
    assert!((unknown(&found, BOTH).factor.value / 2.4 - 1.0).abs() < 0.02, "{found:?}");
    assert!((unknown(&found, SECOND).factor.value / 0.6 - 1.0).abs() < 0.01, "{found:?}");
    assert!(found.unknowns.iter().all(|own| own.determined) && found.sums.is_empty());
    assert_eq!(found.lone.len(), 6);
    assert!(found.remarks.is_empty(), "{:?}", found.remarks);
}

#[test]
fn what_is_not_fitted_and_takes_longer_is_refused_with_its_row() {
    // The wait alone is 5 ms, and no CPU makes it less.
    let told = refused(TWO, &rows("slow,one,slow,1,,,2,,,,,\n"), &options());
    assert!(told[0].starts_with("unfitted: `slow`: a mean of 2 ms was measured"), "{told:?}");
    assert!(told[0].contains("that is not fitted decides it"), "{told:?}");
}

#[test]
fn only_what_is_asked_for_is_fitted_and_what_is_none_is_refused() {
    let csv = rows("sum,one,both,1,,,3,,,,,\n");
    let mut asked = options();
    asked.only = vec![SECOND.to_string()];
    let found = calibrated(TWO, &csv, &asked);
    assert_eq!(found.unknowns.len(), 1);
    // The other one stays at 1 ms, so this one is 2 ms.
    assert!((found.unknowns[0].factor.value / 2.0 - 1.0).abs() < 0.005, "{found:?}");
    assert_eq!(found.unknowns[0].values[0].path, format!("{SECOND}.0.cpu"));
    assert_eq!(found.unknowns[0].values[0].before.as_deref(), Some("1ms"));
    asked.only = vec!["application.modules.a".to_string()];
    assert_eq!(calibrated(TWO, &csv, &asked).unknowns.len(), 2);
    asked.only = vec!["application.modules.a.operations.secnd".to_string()];
    let told = refused(TWO, &csv, &asked);
    assert!(
        told[0].contains("unknown-cost")
            && told[0].contains("did you mean `application.modules.a.operations.second`?"),
        "{told:?}"
    );
    asked.only = vec!["application.modules.a.operations.slow".to_string()];
    assert!(refused(TWO, &csv, &asked)[0].contains("no cost that the lone rows reach"));
}

#[test]
fn all_means_times_a_number_are_the_work_times_that_number() {
    let csv = |times: f64| {
        let (sum, part) = (3.0 * times, 0.6 * times);
        rows(&format!("sum,one,both,1,,,{sum},,,,,\npart,one,second,1,,,{part},,,,,\n"))
    };
    let factors = |times: f64| {
        let found = calibrated(TWO, &csv(times), &options());
        [BOTH, SECOND].map(|path| unknown(&found, path).factor.value)
    };
    let once = factors(1.0);
    for times in [0.5, 1.3, 4.0] {
        for (one, other) in once.iter().zip(factors(times)) {
            assert!(
                (other / one / times - 1.0).abs() < 0.006,
                "{times}: {other} is not {one} × it"
            );
        }
    }
}

#[test]
fn scenarios_and_rows_that_do_not_go_together_are_refused() {
    let until =
        TWO.replace("run: { fixed: { duration: 2s, replications: 2 } }", "run: { until: 5s }");
    let csv = rows("sum,one,both,1,,,3,,,,,\n");
    assert!(refused(&until, &csv, &options())[0].contains("a calibration needs a steady state"));
    let csv = rows("sum,one,both,1,,,3,,,,,application.modules.a.operations.other.0.cpu=1ms\n");
    let told = refused(TWO, &csv, &options());
    assert!(told[0].contains("unknown-path: `sum`, with its `set`:"), "{told:?}");
    let csv = rows("sum,one,both,1,,,3,,,,,workload.endpoints={ other: { call: a.second } }\n");
    let told = refused(TWO, &csv, &options());
    assert!(told[0].contains("takes away the endpoint"), "{told:?}");
    // Nobody is ever answered.
    let fails = TWO.replace("[ cpu: 1ms, call: a.second ]", "[ cpu: 1ms, fail: 100% ]");
    let told = refused(&fails, &rows("sum,one,both,1,,,3,,,,,\n"), &options());
    assert!(told[0].contains("a lone client has 0 good answers"), "{told:?}");
    // Nothing costs anything.
    let free = TWO.replace("cpu: 1ms", "wait: 1ms");
    let told = refused(&free, &rows("sum,one,both,1,,,2,,,,,\n"), &options());
    assert!(told[0].contains("no figure of a lone client depends on any cost"), "{told:?}");
}

#[test]
fn a_row_may_set_an_operation_that_the_scenario_does_not_have() {
    let set = "application.modules.a.operations.another=[ cpu: 1ms, call: a.second ]; workload.endpoints.both.call=a.another";
    let csv = rows(&format!("part,one,second,1,,,2,,,,,\nother,one,both,1,,,3,,,,,\"{set}\"\n"));
    let found = calibrated(TWO, &csv, &options());
    // The new one is no cost of the scenario and stays at 1 ms.
    assert_eq!(found.unknowns.len(), 1);
    assert!((unknown(&found, SECOND).factor.value / 2.0 - 1.0).abs() < 0.005, "{found:?}");
}

/// The second is a hundredth of the sum at the values of the file, so the slope there says that the first decides. But it
/// may as well take thirty times as long.
#[test]
fn a_part_that_is_hardly_seen_may_still_take_most_of_a_sum() {
    let text = TWO.replace("second: [ cpu: 1ms ]", "second: [ cpu: 0.05ms ]");
    assert_ne!(text, TWO);
    let found = calibrated(&text, &rows("sum,one,both,1,,,1.05,,,,,\n"), &options());
    let [low, high] = unknown(&found, BOTH).factor.ci95.expect("an interval");
    assert!(low < 0.7 && high < 1.12, "{low} … {high}");
    assert!(unknown(&found, SECOND).factor.ci95.expect("an interval")[1] > 5.0, "{found:?}");
}
