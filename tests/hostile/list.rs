//! The list of hostile and unlucky input, item by item: what holds it, or which feature it waits for.

use std::path::Path;

use Kept::{By, Waits};

use super::{SMALL, changed, refused};

enum Kept {
    /// Tests: a file below `tests` (or `src`), and the name of the function.
    By(&'static [(&'static str, &'static str)]),
    /// A feature that the language does not have yet: until then a scenario that asks for it is refused.
    Waits(&'static Feature),
}

struct Feature {
    /// What it is called.
    name: &'static str,
    /// Changes to a small scenario each of which asks for it: (from, to).
    asked: &'static [(&'static str, &'static str)],
}

const FAULTS: &Feature = &Feature {
    name: "faults",
    asked: &[("one: { services", "one: { faults: [ { crash: a, at: 1s } ], services")],
};
const POLICIES: &Feature = &Feature {
    name: "policies of calls: timeout and retries",
    asked: &[
        ("cpu: { exp: 1ms }", "call: { to: a.go, retries: 3 }"),
        ("cpu: { exp: 1ms }", "call: { to: a.go, timeout: 1s }"),
        ("one: { services", "one: { policies: { timeout: 1s }, services"),
    ],
};
const READ_REPLICAS: &Feature = &Feature {
    name: "read replicas",
    asked: &[(
        "one: { services",
        "one: { databases: { db: { tables: all, cpu: 1, memory: 1GiB, replicas: 2 } }, services",
    )],
};

const TEXT: &str = "tests/hostile/text.rs";
const MEANING: &str = "tests/hostile/meaning.rs";
const LOAD: &str = "tests/hostile/load.rs";
const SIZE: &str = "tests/hostile/size.rs";
const NAMES: &str = "tests/hostile/names.rs";
const FONT: &str = "src/report/chart/font.rs";
const PROCESSES: &str = "tests/hostile/processes.rs";
const SIGNALS: &str = "tests/hostile/signals.rs";
const RESUME: &str = "tests/hostile/resume.rs";
const MISLEADING: &str = "tests/hostile/misleading.rs";
const VALUES: &str = "tests/hostile/values.rs";
const UTILISATION: &str = "tests/features/utilisation.rs";
const INTERVALS: &str = "tests/features/intervals.rs";
const CARRIED: &str = "tests/features/carried.rs";
const GIVEN_LENGTH: &str = "tests/features/given_length.rs";
const BROKEN: &str = "src/scenario/tests/broken.rs";
const WORDS: &str = "src/scenario/tests/words.rs";
const PLANTED: &str = "tests/hostile/planted.rs";
const READER: &str = "src/scenario/tests/hostile.rs";
const DETERMINISM: &str = "tests/determinism.rs";
const BILLS: &str = "tests/features/bills.rs";
const VERDICT: &str = "src/report/finding/verdict.rs";
const RELATIONS: &str = "tests/properties/relations.rs";

const LIST: &[(&str, Kept)] = &[
    ("1 empty file", By(&[(TEXT, "a_text_with_nothing_in_it_is_refused")])),
    ("2 only comments", By(&[(TEXT, "a_text_with_nothing_in_it_is_refused")])),
    ("3 a binary file", By(&[(TEXT, "bytes_that_are_no_text_are_refused")])),
    ("4 invalid UTF-8", By(&[(TEXT, "bytes_that_are_no_text_are_refused")])),
    ("5 byte-order mark", By(&[(TEXT, "a_byte_order_mark_and_windows_line_ends_are_accepted")])),
    ("6 CRLF", By(&[(TEXT, "a_byte_order_mark_and_windows_line_ends_are_accepted")])),
    ("7 tabs", By(&[(TEXT, "a_tab_as_indentation_is_refused_and_named")])),
    ("8 two documents", By(&[(TEXT, "two_documents_and_a_key_twice_are_refused")])),
    ("9 duplicate key", By(&[(READER, "a_key_twice_shows_both_places")])),
    (
        "10 unknown field",
        By(&[(TEXT, "an_unknown_field_shows_the_nearest_and_a_wrong_type_what_was_found")]),
    ),
    (
        "11 wrong type",
        By(&[(TEXT, "an_unknown_field_shows_the_nearest_and_a_wrong_type_what_was_found")]),
    ),
    ("12 bare number", By(&[(TEXT, "quantities_that_are_none_are_refused_with_an_example")])),
    ("13 unknown unit", By(&[(TEXT, "quantities_that_are_none_are_refused_with_an_example")])),
    (
        "14 negative quantities",
        By(&[
            (TEXT, "quantities_that_are_none_are_refused_with_an_example"),
            (TEXT, "nothing_of_what_must_be_there_is_refused"),
        ]),
    ),
    ("15 zero cpu, threads, replicas", By(&[(TEXT, "nothing_of_what_must_be_there_is_refused")])),
    (
        "16 NaN, inf, 1e308, 1e-308",
        By(&[
            (TEXT, "quantities_that_are_none_are_refused_with_an_example"),
            (TEXT, "nothing_of_what_must_be_there_is_refused"),
        ]),
    ),
    (
        "17 a duration beyond 2^63 ns",
        By(&[(TEXT, "quantities_that_are_none_are_refused_with_an_example")]),
    ),
    ("18 alias bomb", By(&[(TEXT, "a_bomb_of_aliases_is_refused_before_it_is_built")])),
    ("19 10,000 levels", By(&[(TEXT, "ten_thousand_levels_are_refused")])),
    (
        "20 100 MB",
        By(&[(TEXT, "a_hundred_megabytes_and_a_name_of_ten_are_refused_and_not_repeated")]),
    ),
    (
        "21 a name of 10 MB",
        By(&[(TEXT, "a_hundred_megabytes_and_a_name_of_ten_are_refused_and_not_repeated")]),
    ),
    ("22 unknown format", By(&[(TEXT, "another_format_says_which_this_build_reads")])),
    ("23 anchors and merge keys", By(&[(TEXT, "anchors_and_merge_keys_are_accepted")])),
    ("24 keys that are no names", By(&[(TEXT, "keys_that_are_no_names_are_refused")])),
    ("25 no, on, y", By(&[(TEXT, "words_that_some_readers_take_for_truth_stay_names")])),
    ("26 unknown operation", By(&[(MEANING, "a_call_to_nowhere_shows_the_nearest")])),
    ("27 call cycle", By(&[(MEANING, "rings_of_calls_are_refused_with_their_path")])),
    ("28 calls itself", By(&[(MEANING, "rings_of_calls_are_refused_with_their_path")])),
    ("29 module nowhere", By(&[(MEANING, "modules_and_tables_are_deployed_exactly_once")])),
    ("30 module twice", By(&[(MEANING, "modules_and_tables_are_deployed_exactly_once")])),
    ("31 table nowhere", By(&[(MEANING, "modules_and_tables_are_deployed_exactly_once")])),
    ("32 table twice", By(&[(MEANING, "modules_and_tables_are_deployed_exactly_once")])),
    ("33 shares", By(&[(MEANING, "shares_that_do_not_fit_are_refused")])),
    ("34 share 0", By(&[(MEANING, "an_endpoint_that_nobody_asks_for_has_honest_zeros")])),
    ("35 nothing there", By(&[(MEANING, "nothing_to_simulate_is_refused")])),
    (
        "36 a ring of layouts",
        By(&[(MEANING, "layouts_that_extend_themselves_a_ring_or_nothing_are_refused")]),
    ),
    (
        "37 extends an unknown layout",
        By(&[(MEANING, "layouts_that_extend_themselves_a_ring_or_nothing_are_refused")]),
    ),
    (
        "38 transaction over databases",
        By(&[(MEANING, "a_transaction_over_two_databases_names_both")]),
    ),
    ("39 lock on a read-only replica", Waits(READ_REPLICAS)),
    ("40 pools too large", By(&[(MEANING, "pools_above_the_limit_show_their_sum")])),
    ("41 fits nowhere", By(&[(MEANING, "an_instance_larger_than_its_node_fits_nowhere")])),
    (
        "42 class not priced",
        By(&[(
            MEANING,
            "a_class_that_is_not_priced_and_a_catalogue_that_is_not_there_are_refused",
        )]),
    ),
    ("43 bad prices", By(&[(VALUES, "prices_that_are_none_are_refused_with_their_place")])),
    (
        "44 rows zero",
        By(&[(
            MEANING,
            "tables_without_rows_are_refused_and_any_skew_from_none_to_five_is_accepted",
        )]),
    ),
    (
        "45 Zipf exponent 0 and 5",
        By(&[(
            MEANING,
            "tables_without_rows_are_refused_and_any_skew_from_none_to_five_is_accepted",
        )]),
    ),
    ("46 impossible laws", By(&[(MEANING, "laws_that_do_not_exist_are_refused")])),
    (
        "47 measured laws",
        By(&[
            (MEANING, "a_measured_law_without_its_file_is_refused"),
            (VALUES, "measured_times_that_are_none_are_refused_and_one_is_enough"),
        ]),
    ),
    (
        "48 trace file",
        By(&[(
            "src/scenario/tests/arrivals.rs",
            "instants_of_a_trace_that_are_none_are_refused_in_the_line_of_the_file",
        )]),
    ),
    ("49 SLO on nothing", By(&[(MEANING, "a_promise_about_an_unknown_endpoint_is_refused")])),
    ("50 --set", By(&[(MEANING, "flags_that_lead_nowhere_are_refused")])),
    (
        "51 many operations, modules, layouts",
        By(&[
            (SIZE, "many_modules_operations_and_layouts_run_or_are_refused_by_a_named_limit"),
            (SIZE, "more_pairs_of_layouts_than_the_limit_are_compared_with_the_first"),
        ]),
    ),
    ("52 fan-out", By(&[(LOAD, "a_fork_of_ten_thousand_branches_joins")])),
    (
        "53 repeat of 10^9",
        By(&[(LOAD, "a_repeat_of_a_thousand_million_turns_is_ended_by_the_limit_of_events")]),
    ),
    (
        "54 10^9 requests a second",
        By(&[(LOAD, "a_thousand_million_requests_a_second_are_ended_by_the_limit_of_frames")]),
    ),
    (
        "55 ten times the capacity",
        By(&[(LOAD, "ten_times_the_capacity_for_an_hour_is_unstable_and_has_no_mean")]),
    ),
    ("56 10^7 users", By(&[(LOAD, "closed_users_beyond_a_limit_are_refused_and_many_are_not")])),
    ("57 zero arrivals", By(&[(LOAD, "a_run_in_which_nothing_happens_has_honest_zeros")])),
    ("58 one request", By(&[(LOAD, "a_single_request_has_no_interval")])),
    ("59 a nanosecond, a century", By(&[(LOAD, "runs_of_a_nanosecond_and_of_a_century_end")])),
    (
        "60 a thousand replications of nothing",
        By(&[(LOAD, "a_run_in_which_nothing_happens_has_honest_zeros")]),
    ),
    (
        "61 names as paths",
        By(&[(NAMES, "a_scenario_cannot_name_its_way_out_of_the_output_folder")]),
    ),
    ("62 markup", By(&[(NAMES, "markup_in_names_is_text_in_every_figure")])),
    ("63 formulas", By(&[(NAMES, "a_formula_in_a_name_is_no_formula_in_a_spreadsheet")])),
    ("64 terminal escapes", By(&[(NAMES, "escapes_in_names_reach_no_terminal")])),
    ("65 hidden characters", By(&[(READER, "names_that_attack_a_terminal_are_drawn_harmless")])),
    (
        "66 scenario missing, a folder, unreadable, a pipe",
        By(&[
            (PROCESSES, "a_scenario_that_is_missing_or_a_folder_is_named"),
            (PROCESSES, "files_and_folders_that_may_not_be_touched_are_named"),
            (PROCESSES, "a_pipe_with_a_name_is_read_like_a_file"),
        ]),
    ),
    (
        "67 output folder",
        By(&[
            (
                PROCESSES,
                "a_missing_output_folder_is_made_and_one_that_is_a_file_is_refused_before_the_run",
            ),
            (PROCESSES, "files_and_folders_that_may_not_be_touched_are_named"),
        ]),
    ),
    ("68 disk full", By(&[(PROCESSES, "a_full_disk_leaves_the_results_that_were_there")])),
    (
        "69 two runs at once",
        By(&[(PROCESSES, "a_folder_that_another_run_writes_to_is_refused_and_its_owner_named")]),
    ),
    (
        "70 signals in each phase",
        By(&[
            (SIGNALS, "a_program_that_waits_for_its_scenario_ends_at_once"),
            (SIGNALS, "a_pilot_and_a_production_run_stop_and_leave_nothing"),
            (SIGNALS, "a_signal_at_any_instant_leaves_all_results_or_none"),
        ]),
    ),
    (
        "71 kill -9 in a sweep",
        By(&[
            (RESUME, "points_outlive_a_kill_and_are_not_run_again"),
            (RESUME, "a_resumed_sweep_has_the_bytes_of_one_that_was_not_interrupted"),
        ]),
    ),
    (
        "72 a finished point truncated",
        By(&[(RESUME, "points_that_are_torn_or_touched_are_run_again_and_said")]),
    ),
    (
        "73 resume of an edited scenario",
        By(&[(RESUME, "an_edited_scenario_is_not_mixed_with_points_of_another")]),
    ),
    (
        "74 stdout closed early",
        By(&[
            (PROCESSES, "a_reader_that_leaves_early_is_no_panic"),
            (PROCESSES, "a_full_disk_behind_standard_output_is_said"),
        ]),
    ),
    ("75 no surroundings", By(&[(PROCESSES, "nothing_of_the_surroundings_is_needed")])),
    (
        "76 threads",
        By(&[(PROCESSES, "any_number_of_threads_from_one_to_a_thousand_gives_the_same_bytes")]),
    ),
    ("77 clock set back", By(&[("tests/tidy.rs", "a_crate_is_used_only_in_its_room")])),
    ("78 infinite rates", By(&[(TEXT, "quantities_that_are_none_are_refused_with_an_example")])),
    ("79 laws below zero", By(&[(VALUES, "a_time_below_zero_is_refused_in_every_law")])),
    ("80 Pareto without a mean", By(&[(MEANING, "laws_that_do_not_exist_are_refused")])),
    (
        "81 zero-time loop",
        By(&[
            (LOAD, "a_repeat_of_a_thousand_million_turns_is_ended_by_the_limit_of_events"),
            (VALUES, "users_who_never_think_and_are_refused_at_once_end_by_a_limit"),
        ]),
    ),
    (
        "82 the caller's last thread",
        By(&[(
            VALUES,
            "a_call_back_to_the_callers_last_thread_is_a_deadlock_and_its_path_is_named",
        )]),
    ),
    ("83 retries on every hop", Waits(POLICIES)),
    ("84 overload by retries", Waits(POLICIES)),
    ("85 timeout below the service time", Waits(POLICIES)),
    ("86 all replicas down", Waits(FAULTS)),
    ("87 fault windows", Waits(FAULTS)),
    ("88 partition", Waits(FAULTS)),
    ("89 crash with work in hand", Waits(FAULTS)),
    ("90 crash of a lock's holder", Waits(FAULTS)),
    ("91 names alike", By(&[(VALUES, "names_that_look_alike_stay_apart")])),
    (
        "92 a link as output file",
        By(&[(PROCESSES, "a_link_in_the_place_of_a_result_is_replaced_and_not_followed")]),
    ),
    ("93 a second Ctrl-C", By(&[(SIGNALS, "a_second_signal_ends_the_program_at_once")])),
    (
        "94 a torn journal",
        By(&[(RESUME, "points_that_are_torn_or_touched_are_run_again_and_said")]),
    ),
    (
        "95 a point that fails",
        By(&[
            (RESUME, "a_point_that_cannot_be_simulated_stops_no_other_and_is_told"),
            ("src/study/sweep.rs", "a_point_with_a_fault_of_our_own_stops_no_other"),
        ]),
    ),
    ("96 integers above 2^53", By(&[(VALUES, "whole_numbers_beyond_those_of_a_double_stay")])),
    (
        "97 lock with its owner",
        By(&[(PROCESSES, "a_folder_that_another_run_writes_to_is_refused_and_its_owner_named")]),
    ),
    (
        "98 /dev/zero and a FIFO",
        By(&[
            (PROCESSES, "a_file_without_end_is_refused"),
            (PROCESSES, "files_without_end_beside_a_scenario_are_refused"),
            (PROCESSES, "a_pipe_with_a_name_is_read_like_a_file"),
        ]),
    ),
    (
        "99 a saturated fraction of a core",
        By(&[
            (UTILISATION, "a_fraction_of_a_core_that_is_saturated_is_busy_for_all_its_time"),
            (UTILISATION, "a_fraction_of_a_core_of_a_database_is_busy_for_all_its_time"),
        ]),
    ),
    (
        "100 utilisation beyond 100 %",
        By(&[
            (UTILISATION, "work_counts_as_busy_for_what_of_it_is_done_in_the_time"),
            (UTILISATION, "a_volume_is_busy_for_what_of_its_reads_falls_into_the_time"),
            (UTILISATION, "a_read_under_way_at_the_end_counts_up_to_the_end"),
        ]),
    ),
    (
        "101 words in quotes",
        By(&[
            (WORDS, "every_shipped_scenario_as_json_with_all_words_in_quotes_is_the_same_scenario"),
            (WORDS, "words_in_quotes_mean_what_they_mean_without"),
        ]),
    ),
    (
        "102 names that differ in a sign or in other letters",
        By(&[
            (NAMES, "studies_whose_names_differ_in_a_sign_only_are_all_written"),
            (NAMES, "letters_of_any_writing_stay_in_the_names_of_folders"),
            (
                "src/report/names.rs",
                "letters_of_any_writing_stay_in_the_name_of_a_file_and_distinct_names_stay_distinct",
            ),
        ]),
    ),
    ("103 limits times threads", By(&[(LOAD, "memory_does_not_grow_with_the_threads")])),
    (
        "104 lines under the header of another journal",
        By(&[
            (RESUME, "lines_under_the_header_of_another_journal_are_run_again"),
            (
                "src/report/journal.rs",
                "lines_under_the_first_line_of_another_journal_are_none_of_its_answers",
            ),
        ]),
    ),
    (
        "105 a duration that is cut",
        By(&[
            (VALUES, "work_and_runs_beyond_what_is_counted_are_refused_and_never_cut"),
            ("src/random/distribution.rs", "what_a_law_may_exceed_is_what_it_draws"),
        ]),
    ),
    (
        "106 links and pipes planted",
        By(&[(
            PLANTED,
            "links_and_pipes_planted_in_an_output_folder_are_refused_and_not_followed",
        )]),
    ),
    (
        "107 files without a length",
        By(&[(PLANTED, "files_without_a_length_beside_a_scenario_are_refused")]),
    ),
    (
        "108 limits that multiply",
        By(&[
            (LOAD, "a_run_of_more_than_ten_thousand_million_events_is_told_before_it_begins"),
            (LOAD, "a_limit_that_ends_a_replication_ends_its_sisters_before_they_start"),
        ]),
    ),
    (
        "109 a promise about what nobody asks, or what always fails",
        By(&[
            (MISLEADING, "a_promise_about_what_nobody_asks_or_what_always_fails_is_not_kept"),
            ("src/report/table/slo.rs", "a_promise_without_a_figure_says_why_there_is_none"),
        ]),
    ),
    (
        "110 a trace elsewhere",
        By(&[
            (CARRIED, "an_overload_that_lasts_is_seen_beside_whatever_passes"),
            (
                MISLEADING,
                "a_trace_in_epoch_seconds_or_inside_the_warm_up_says_that_nothing_was_measured_and_why",
            ),
            (MISLEADING, "an_overload_beside_a_trace_that_ends_is_told_and_the_load_does_not_end"),
        ]),
    ),
    (
        "111 a headline that the comparison denies",
        By(&[
            (VERDICT, "a_headline_that_the_comparison_denies_is_not_said"),
            (VERDICT, "one_replication_names_no_winner"),
            ("src/report/table/words.rs", "bills_that_differ_are_not_called_the_same"),
            (BILLS, "a_run_of_one_replication_names_no_winner_and_marks_none"),
            (BILLS, "no_cost_stands_beside_unstable"),
        ]),
    ),
    (
        "112 impossible intervals",
        By(&[
            (
                MISLEADING,
                "no_end_of_an_interval_is_negative_and_no_percentile_is_above_the_maximum",
            ),
            (INTERVALS, "no_interval_of_any_figure_goes_beyond_what_can_be"),
            (INTERVALS, "a_median_at_a_gap_lies_anywhere_in_the_gap"),
        ]),
    ),
    (
        "113 a field that another one overrules",
        By(&[
            ("src/scenario/tests/pairs.rs", "no_field_is_read_and_ignored_because_of_another_one"),
            (MEANING, "a_field_that_another_one_overrules_is_refused"),
        ]),
    ),
    (
        "114 what cannot be, and what is hardly meant",
        By(&[
            (MEANING, "what_cannot_be_is_refused"),
            (MEANING, "what_is_hardly_meant_is_told_and_simulated"),
        ]),
    ),
    (
        "115 full-width colon, no-break space, decimal comma, UTF-16",
        By(&[
            (BROKEN, "every_way_to_break_a_file_is_refused_with_its_place_and_what_to_do"),
            (BROKEN, "text_of_two_or_four_bytes_a_character_is_known_with_and_without_a_mark"),
        ]),
    ),
    (
        "116 names in Hangul, Kana, Han, emoji in every output, PNG too",
        By(&[
            (FONT, "a_letter_that_no_font_has_is_drawn_as_its_code_point_and_never_as_nothing"),
            (NAMES, "names_in_any_writing_stand_in_every_output"),
        ]),
    ),
    (
        "117 SIGHUP",
        By(&[
            (SIGNALS, "a_program_that_waits_for_its_scenario_ends_at_once"),
            (SIGNALS, "a_pilot_and_a_production_run_stop_and_leave_nothing"),
        ]),
    ),
    (
        "118 an index wider than the event's target",
        By(&[
            (SIZE, "a_crowd_of_more_than_two_to_the_24th_users_takes_nobody_elses_answers"),
            (SIZE, "a_limit_above_what_the_engine_has_room_for_is_refused_by_name"),
        ]),
    ),
    (
        "119 an incomplete bill that wins",
        By(&[
            (VERDICT, "an_incomplete_bill_is_no_cheapest_and_says_what_it_lacks"),
            (BILLS, "a_class_of_another_cloud_makes_no_machine_free"),
            (BILLS, "cores_and_servers_without_a_class_make_a_bill_incomplete"),
        ]),
    ),
    (
        "120 a given length far below the relaxation time",
        By(&[
            (MISLEADING, "a_given_length_far_below_the_relaxation_time_is_not_called_converged"),
            (GIVEN_LENGTH, "a_given_length_far_below_the_relaxation_time_has_not_converged"),
        ]),
    ),
    ("A path and pipe", By(&[(DETERMINISM, "a_file_and_standard_input_give_the_same_bytes")])),
    ("B threads", By(&[(DETERMINISM, "one_thread_two_and_eight_give_the_same_bytes")])),
    (
        "C order of services",
        By(&[
            (DETERMINISM, "services_in_another_order_have_the_same_figures"),
            (RELATIONS, "services_written_in_another_order_are_the_same"),
        ]),
    ),
    ("D what nothing uses", By(&[(RELATIONS, "what_nothing_uses_moves_nothing")])),
    ("E scale", By(&[(RELATIONS, "twice_the_times_at_half_the_rate_is_twice_the_latency")])),
    (
        "F shards of a sweep",
        By(&[(RESUME, "shards_put_together_have_the_bytes_of_the_whole_sweep")]),
    ),
    (
        "G interrupted and resumed",
        By(&[(RESUME, "a_resumed_sweep_has_the_bytes_of_one_that_was_not_interrupted")]),
    ),
    ("H two halves", By(&[(RELATIONS, "an_endpoint_in_two_halves_is_the_endpoint")])),
];

#[test]
fn every_item_of_the_list_is_there_once_and_in_order() {
    let items = LIST.iter().filter_map(|(item, _)| item.split(' ').next());
    let numbers = (1..=120).map(|number: u32| number.to_string());
    let letters = ('A'..='H').map(String::from);
    let expected: Vec<String> = numbers.chain(letters).collect();
    assert_eq!(items.collect::<Vec<_>>(), expected);
}

#[test]
fn what_holds_an_item_is_a_test() {
    for (item, kept) in LIST {
        match kept {
            Waits(feature) => assert!(!feature.asked.is_empty(), "{item}"),
            By(tests) => {
                assert!(!tests.is_empty(), "{item}");
                for (file, name) in *tests {
                    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
                    let text = std::fs::read_to_string(&path).expect(file);
                    let place = text.find(&format!("fn {name}("));
                    let place = place.unwrap_or_else(|| panic!("{item}: no {name} in {file}"));
                    let before = text[..place].trim_end();
                    assert!(before.ends_with("#[test]"), "{item}: {name} is no test");
                }
            }
        }
    }
}

#[test]
fn what_an_item_waits_for_is_refused_by_name() {
    for feature in [FAULTS, POLICIES, READ_REPLICAS] {
        for (from, to) in feature.asked {
            let told = refused(changed(SMALL, from, to), "not-built");
            assert!(told.contains("is part of the language but not built yet"), "{}", feature.name);
        }
    }
}
