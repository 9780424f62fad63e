//! The list of codes. To add one: a line here, in the order of the alphabet, and `docs/diagnostics.md` anew.

use serde::{Deserialize, Serialize};

use super::row::{CodeRow, Severity};

/// Makes the enum and what is known of each variant out of one list.
macro_rules! codes {
    ($($variant:ident $text:literal $severity:ident $meaning:literal;)+) => {
        /// What a diagnostic or a remark is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum Code {
            $(#[doc = $meaning] $variant,)+
        }

        impl Code {
            /// Every code, in the order of its text.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            pub(super) fn row(self) -> CodeRow {
                match self {
                    $(Code::$variant => {
                        CodeRow { text: $text, severity: Severity::$severity, meaning: $meaning }
                    })+
                }
            }
        }
    };
}

codes! {
    AliasRing "alias-ring" Error
        "An alias stands inside the part that it repeats. Write that part out.";
    BadFlag "bad-flag" Error
        "A flag has a value that cannot be read. Write it as the message shows, or look into `--help`.";
    BadKey "bad-key" Error
        "What stands before a colon is no name, or a very long one. Write a short name there.";
    BadMeasurement "bad-measurement" Error
        "A table of measured figures cannot be read. Write it with the columns that docs/calibrate.md names, a plain number in each cell.";
    BadMerge "bad-merge" Error
        "`<<` merges something that is no map. Write `<<: *anchor`, where `&anchor` marks a map.";
    BadName "bad-name" Error
        "A name is empty, is a word with a meaning of its own, or has a dot where dots join names. Use letters, digits and `-`.";
    BadPrices "bad-prices" Error
        "A line of a price catalogue cannot be read. Give each a price in the columns that docs/prices.md names.";
    BadValue "bad-value" Error
        "A value cannot be read as what is expected there. Write it as the hint shows.";
    BadValues "bad-values" Error
        "The values of `--vary` are no list and no range. Write `100/s,200/s`, or `50/s..800/s x 5 log`.";
    BetweenEndpoints "between-endpoints" Remark
        "A percentile of all endpoints lies in a gap between two of them, where hardly any request is. Look at the endpoints by themselves: `--endpoint each`.";
    Bill "bill" Remark
        "A part of the bill has no price or no exact one. Add the price to the catalogue, or mind that the bill leaves it out.";
    BusyTime "busy-time" Remark
        "When the load is greatest, something would need more than its capacity. Expect a backlog then, or give that thing more.";
    CallBack "call-back" Remark
        "A call comes back to a service that holds a thread for its caller: all may wait for ever. Give it `patience` or `async`, or cut the ring.";
    CallCycle "call-cycle" Error
        "Operations call each other in a circle, so that a request would never end. Cut one of the calls.";
    CallInTransaction "call-in-transaction" Remark
        "A call inside a transaction commits on its own in another service. Move it out, or mind that it is not rolled back.";
    Conflict "conflict" Error
        "Two things are written that exclude each other. Leave one of them out.";
    Contradiction "contradiction" Error
        "Measured figures contradict each other or a law that always holds. Look at the rows that are named, and measure them anew.";
    ControlCharacter "control-character" Error
        "The text has a character that nobody can see. Remove it, or write it as an escape in double quotes.";
    DamagedResults "damaged-results" Error
        "Saved results are cut off, or something else has changed them. Run the study once more, or take the copy that is whole.";
    Deadlock "deadlock" Remark
        "Requests hold what other ones wait for, for ever. Break the path that is shown: more threads or connections, an end to patience, or another order.";
    DefaultDecides "default-decides" Remark
        "A good part of the bill or of the mean latency rests on a default that nobody has verified. Set the field that is named to what is true of yours.";
    DualWrite "dual-write" Remark
        "An event is sent to the broker beside what is written to a database, and no transaction covers both. Write `outbox: cdc` or `outbox: { poll: 500ms }`, or mind that a crash may lose or make up one.";
    DuplicateKey "duplicate-key" Error
        "A field is written twice in one map. Remove one of the two, or give it another name.";
    DuplicateName "duplicate-name" Error
        "Two things of one kind have one name. Rename one of them.";
    EditOfAMap "edit-of-a-map" Error
        "An edit puts a single value in the place of a whole map. Give the path down to one value, or a whole map.";
    EmptyFile "empty-file" Error
        "A file that the scenario names has no values in it. Write one a line.";
    EmptyScenario "empty-scenario" Error
        "There is nothing in the text. Start with `cutline: 1`; the files in `scenarios` are examples.";
    EventWaitedFor "event-waited-for" Remark
        "An event goes to another service: it is called, and the publisher waits for it. Bring both modules into one service, or give what follows from the event an endpoint of its own.";
    FileExists "file-exists" Error
        "A file that would be written is there already. Give another name, or remove that file.";
    FitsNowhere "fits-nowhere" Error
        "An instance needs more than an empty node has. Take a larger class of node, or a smaller instance.";
    FixedLength "fixed-length" Error
        "A precision is asked of a run whose length the file gives. Remove `run.fixed` or `run.until`, or give `--replications`.";
    FolderInUse "folder-in-use" Error
        "Another process writes into the same folder. Wait for it, or give another `--out`.";
    ForeignKey "foreign-key" Warning
        "Nobody who publishes an event touches the table that is its key. Write another table there, or leave `key` out.";
    FreeMisses "free-misses" Warning
        "Pages that are not in memory come from no storage, in no time. Write `hit: 100%`, or a kind of storage.";
    GivenUp "given-up" Remark
        "Messages of a broker failed for good: they were kept aside as dead letters, or are lost. Let operations that subscribe fail less, or write more `retries`.";
    HalfDone "half-done" Remark
        "A transaction failed when parts of it had committed, which stay. Choose `saga` or `2pc` for it, or mind the share.";
    IdleConsumers "idle-consumers" Warning
        "Consumers that a layout has take no message: there are more than partitions, or their service subscribes to nothing. Write fewer of them, or more partitions.";
    IgnoredColumn "ignored-column" Warning
        "A table of measured figures has a column that means nothing here. Mend its name if it was meant; it is not read.";
    LayoutRing "layout-ring" Error
        "Layouts extend each other in a ring. Write one of them out, without `extends`.";
    Limit "limit" Remark
        "A limit of the scenario ended or cut something. Raise the one that is named under `run.limits`, or ask for less.";
    LongRun "long-run" Warning
        "By arithmetic a run takes more than 10,000 million events, a matter of hours. Ask for less time, fewer replications or fewer layouts.";
    MemoryBelowAPage "memory-below-a-page" Error
        "A database has no room for a single page in its memory. Write more `memory`, a larger `cache_share`, or `hit`.";
    MissedChange "missed-change" Error
        "A table of a view is written, and no event that feeds the view tells of it. Publish one there, or feed it by `cdc`.";
    MissingField "missing-field" Error
        "Something that must be said is not there. Write the field that the message names.";
    MissingUnit "missing-unit" Error
        "A quantity stands without its unit. Write `2ms`, `400/s` or `8GiB`.";
    MissingValue "missing-value" Error
        "An edit has nothing behind its `=`. Write the value there.";
    MixedTrace "mixed-trace" Error
        "Only some lines of a trace name an endpoint. Name one on every line, or on none.";
    ModuleInNoService "module-in-no-service" Error
        "A layout leaves a module out. Add it to the `modules` of a service, or write `each`.";
    ModuleInTwoServices "module-in-two-services" Error
        "A layout has a module in two places. Take it out of one of the services.";
    MoreWarnings "more-warnings" Warning
        "There are more warnings than are shown. Mind those that are shown first.";
    NestedTransaction "nested-transaction" Error
        "A transaction stands inside another one. Leave one of the two out: the outer one covers all.";
    NoAnswers "no-answers" Remark
        "Requests come, and none has a good answer. Look at what most of them end in, and mend that first.";
    NoEndpoints "no-endpoints" Error
        "The workload asks for nothing. Write at least one endpoint.";
    NoLayouts "no-layouts" Error
        "The scenario has no layout. Write at least one.";
    NoLoneClient "no-lone-client" Error
        "No row was measured with one client, so no cost can be fitted. Measure each endpoint with one client and no think time.";
    NoModules "no-modules" Error
        "The application has no module. Write at least one.";
    NoRequests "no-requests" Remark
        "Nothing came in the measured time, or nothing for an endpoint. Let it run longer, or look at the times of its trace.";
    NoResults "no-results" Error
        "There is nothing in that folder that `cutline run` or `cutline sweep` has written. Give the folder of a finished study.";
    NoSpread "no-spread" Remark
        "All CPU work has a constant length and requests come in step, which no real load does. Give costs a spread, such as `lognormal(mean 2ms, cv 0.2)`.";
    NoSweep "no-sweep" Error
        "A sweep was asked for, and nothing varies. Give `--vary`, or declare `studies` in the file.";
    NoTables "no-tables" Error
        "A database is to hold the tables of a module that has none. Leave the module out of the list.";
    NotAScenario "not-a-scenario" Error
        "The file is something else: of Compose, of Kubernetes, a result. Give a scenario, or begin one with `cutline init`.";
    NotBuilt "not-built" Error
        "The language knows this, but this version cannot simulate it. Leave it out.";
    NotConverged "not-converged" Remark
        "The intervals are wider than was asked for, or the given length is too short for them to hold. Let it run longer, or ask for less.";
    NotHere "not-here" Error
        "A table is named at a database that does not hold it. Name a table of that database, or move it there.";
    NotOneKey "not-one-key" Error
        "A map that stands for one of several ways has no key, or more than one. Leave one key in it.";
    NotUtf8 "not-utf8" Error
        "The text is no UTF-8. Save the file as UTF-8, and look whether it is a scenario at all.";
    NothingStarts "nothing-starts" Warning
        "The run is over before an instance that is asked for can be ready. Let it take longer, or start instances sooner.";
    OnePriority "one-priority" Warning
        "A service serves by priority, and all endpoints have the same. Give one of them another `priority`.";
    OtherFormat "other-format" Error
        "Results or a journal were left by a cutline of another form. Run the study once more, or use the cutline that left them.";
    OtherSweep "other-sweep" Error
        "A journal in the folder is of another sweep. Run without `--resume` to begin anew, or give another `--out`.";
    OutOfRange "out-of-range" Error
        "A number or a time lies beyond what makes sense there. Write one within the bounds that the message gives.";
    ParallelInTransaction "parallel-in-transaction" Error
        "Steps of a transaction share one connection, and cannot run side by side. Write them one after the other, or move the call out.";
    PartialShares "partial-shares" Warning
        "The percentages of the endpoints add up to less than 100 %, and are taken as parts of their sum. Write what is left, or plain numbers.";
    Pending "pending" Remark
        "Instances were asked for and found no room on any node. Let more nodes come, or take a larger class.";
    PlainMachine "plain-machine" Warning
        "A database has a class of plain machines, which is billed as a server that you run yourself. For the managed one write the class with `db.` before it.";
    Point "point" Error
        "A point of a sweep cannot be simulated, for the reasons beside it. Vary within what the scenario can carry; the other points are written.";
    PoolsTooLarge "pools-too-large" Error
        "All instances together may open more connections than a database takes. Take a smaller `pool`, or raise `max_connections`.";
    RepeatedRows "repeated-rows" Warning
        "A join takes more rows of a table than it has, so that some come again. Write fewer `rows`, or more of them at the table.";
    ScalingNeedsTime "scaling-needs-time" Error
        "Instances come and go over minutes, so a run that shows it is told how long it is. Write `run: { until: 30min }`.";
    SelfCheck "self-check" Error
        "A check that every run makes of itself did not hold: the program is wrong. Do not use the figures, and report it with the scenario.";
    SeveralDocuments "several-documents" Error
        "A second YAML document starts in the text. Put it into a file of its own, or remove the `---`.";
    Shares "shares" Error
        "Shares do not add up: to 100 %, to at most 100 %, or to more than 0. Change them as the message says.";
    Sizes "sizes" Remark
        "A layout has far more than it needs, so its bill says more of its size than of its cut. Size it as the remark shows, or read the bills with care.";
    Skewed "skewed" Remark
        "The mean latencies of the replications are skewed, so that the usual interval is too narrow. Take more or longer replications.";
    SuspectedOverload "suspected-overload" Remark
        "Arithmetic tells of an overload that the run does not bear out: estimates enter it. Go by the run.";
    Syntax "syntax" Error
        "The text is no valid YAML. Look at the place that is shown; a text with a comma between braces needs quotes.";
    TabIndentation "tab-indentation" Error
        "A line is indented with a tab. YAML is indented with spaces: write those.";
    TableInNoDatabase "table-in-no-database" Error
        "A layout leaves a table out. Add it to the `tables` of a database, or write `tables: all`.";
    TableInTwoDatabases "table-in-two-databases" Error
        "A layout has a table in two places. Take it out of one of the databases.";
    TablesTooLarge "tables-too-large" Error
        "The tables of a database are larger than its volume. Write a larger `storage`, or fewer or smaller rows.";
    TooDeep "too-deep" Error
        "Lists and maps are nested too deeply. Give inner steps an operation of their own, and call it.";
    TooFewMachines "too-few-machines" Error
        "A broker has fewer machines than copies of a message, which lie on a machine each. Write more `machines` or a smaller `replication`.";
    TooLarge "too-large" Error
        "The scenario, a part of it or a sweep is beyond a limit. Raise the limit that is named, or make it smaller.";
    TooManyMistakes "too-many-mistakes" Error
        "There are more mistakes than are shown. Mend those that are shown first.";
    TooManyRows "too-many-rows" Error
        "A statement reads or changes more rows than its table has. Write fewer `rows`, or more of them at the table.";
    TransactionSpansDatabases "transaction-spans-databases" Error
        "The steps of a transaction write to several databases. Say in `transactions` of the layout how it is kept together.";
    Unanswered "unanswered" Remark
        "Many requests of a terminating run have no answer at its end, and latencies are those of the others. Let it run longer to see them.";
    UncarriedPart "uncarried-part" Error
        "A step of a saga by choreography is nothing that an event can begin or undo. Write calls one after the other, or leave `by` out: an orchestrator can.";
    Undecided "undecided" Remark
        "The run cannot tell a heavy load from an overload. Let it run longer, or take more replications.";
    Undetermined "undetermined" Remark
        "Measurements leave a cost open, or know a sum of costs only. Measure its CPU or another mix of requests, or trust the prior.";
    UndoFails "undo-fails" Error
        "What undoes a call fails every time, so that it would be tried for ever. Let it succeed at times.";
    UnfedView "unfed-view" Warning
        "Nothing ever changes the tables of a view. Let an operation write one of them, or leave the view out.";
    Unfitted "unfitted" Error
        "No values of the unknown costs come near the measured figures. Look for what the scenario leaves out, or measure anew.";
    UnheardEvent "unheard-event" Warning
        "An event is published, and nobody subscribes to it. Write `subscribes` in a module, or leave the event out.";
    UnknownAlias "unknown-alias" Error
        "An alias has no anchor before it. Mark a part with `&name`, or quote a text that starts with `*`.";
    UnknownCase "unknown-case" Error
        "`verify` has no case of that name. `cutline verify --list` shows all: take one of them.";
    UnknownCatalogue "unknown-catalogue" Error
        "No price catalogue of that name ships. Take one of those that the hint lists, or a file: `prices.csv`.";
    UnknownClass "unknown-class" Error
        "No catalogue has a machine of that class. Take one that the hint names, or write its `cpu` and `memory`.";
    UnknownCost "unknown-cost" Error
        "No cost that can be fitted has that path. Take one of those that the hint names.";
    UnknownDatabase "unknown-database" Error
        "The layout has no database of that name. Write one of those that it has.";
    UnknownDistribution "unknown-distribution" Error
        "No law has that name. Take one of those that the hint names.";
    UnknownEndpoint "unknown-endpoint" Error
        "The workload has no endpoint of that name, or it takes no part here. Write the name of one that does.";
    UnknownEvent "unknown-event" Error
        "No module declares an event of that name. Write one of the `events` of a module.";
    UnknownExternal "unknown-external" Error
        "The application has no third party of that name. Add it to `externals`, or mend the name.";
    UnknownField "unknown-field" Error
        "A map has a field that means nothing there. Mend its name as the hint says, or leave it out.";
    UnknownFormat "unknown-format" Error
        "The scenario is of a format that this version does not read. Write `cutline: 1`.";
    UnknownJoin "unknown-join" Error
        "No join has this name. Give it one, `join: { name: … }`, or write `module.join` as a module has it.";
    UnknownLayout "unknown-layout" Error
        "No layout has that name. Write one of those that the scenario has.";
    UnknownMachine "unknown-machine" Error
        "The layout has no machine of that name. Add it to `machines`, or mend the name.";
    UnknownModule "unknown-module" Error
        "The application has no module of that name. Mend the name as the hint says.";
    UnknownOperation "unknown-operation" Error
        "No operation has that name. Write `module.operation`, as the hint says.";
    UnknownPath "unknown-path" Error
        "A path of `--set`, `--vary` or a study leads nowhere. Write it as the keys of the file, joined by dots.";
    UnknownService "unknown-service" Error
        "The layout has no service of that name. Write one of those that it has.";
    UnknownStep "unknown-step" Error
        "No step has that name. Take one of those that docs/language.md lists.";
    UnknownStorage "unknown-storage" Error
        "No kind of storage has that name. Take one of those that the hint names, or `none`.";
    UnknownTable "unknown-table" Error
        "No table has that name. Write `module.table`, as the hint says.";
    UnknownTag "unknown-tag" Error
        "A YAML tag means nothing here. Leave it out, or quote a text that starts with `!`.";
    UnknownTemplate "unknown-template" Error
        "No template of a scenario is called so. Look into `cutline init --list`.";
    UnknownTransaction "unknown-transaction" Error
        "No transaction has that name. Write `module.transaction`, as the hint says.";
    UnknownWord "unknown-word" Error
        "A field takes one of a few words, and this is none of them. Take one of those that the hint names.";
    UnpricedClass "unpriced-class" Warning
        "The catalogue has no price for a database of that class. Add one, or mind that the bill leaves it out.";
    UnpublishedEvent "unpublished-event" Warning
        "An event is declared, and no operation publishes it. Write the step `publish`, or leave the event out.";
    Unreached "unreached" Warning
        "No request ever comes to an operation, a table, a third party or a machine. Let something use it, or leave it out.";
    UnreadableFile "unreadable-file" Error
        "A file that the scenario names cannot be read. Put it beside the scenario, and mend its name or its rights.";
    UnsortedTrace "unsorted-trace" Error
        "The instants of a trace are not in order. Sort the file by time.";
    Unstable "unstable" Remark
        "The layout cannot carry the load: its backlog grows without end. Give the resource that is named more, or take less load.";
    UnusedArrivals "unused-arrivals" Warning
        "Arrivals are written that no endpoint takes a share of. Leave them out, or give an endpoint a `share`.";
    UnusedClient "unused-client" Warning
        "It is said where the clients are, and there is no network. Leave `client` out, or leave out `network: none`.";
    UnusedDataAccess "unused-data-access" Warning
        "`data_access: owner` changes nothing in this layout, as no operation asks a table of a module in another service on a shared database. Leave it out.";
    UnusedPriority "unused-priority" Warning
        "An endpoint has a priority, and nothing serves by it. Write `queue_discipline: priority` at a service, or leave it out.";
    UnusedProtocol "unused-protocol" Warning
        "A protocol is named where there is no network, and costs nothing. Leave it out, or leave out `network: none`.";
    UselessUndo "useless-undo" Error
        "A call says what undoes it where nothing is ever undone. Put it into a `transaction`, or leave `undo` out: a call that writes nothing needs none.";
    VaryingLoad "varying-load" Remark
        "The load changes with the clock, so there is no steady state. Read the figures as those of whole rounds, as the remark says.";
    WaitingCase "waiting-case" Error
        "`verify` knows the case, but what it needs is not built. Take another case: `--list` shows them.";
    WithoutBroker "without-broker" Error
        "A layout says something about its broker, and has none. Write `broker: kafka` beside it, or leave it out.";
    WrongType "wrong-type" Error
        "A map, a list, a text or a number stands where another one of these is expected. Write what the hint shows.";
    ZeroShare "zero-share" Warning
        "An endpoint has no share of the traffic, so that no request goes there. Give it one, or leave it out.";
}
