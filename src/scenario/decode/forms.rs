//! Every form of a map in a scenario; each is written beside what decodes it.

use super::{
    ScenarioFields, application, arrivals, brokers, database, distribution, layout, limits,
    mechanisms, platform, profile, protocol, run, scaling, service, short_form, statements, steps,
    storage, trace, transactions, views, workload,
};
use crate::scenario::form::{Fielded, Form};

/// The forms, from the whole of a scenario to its smallest parts.
pub fn fields() -> Vec<&'static Form> {
    [application_forms(), layout_forms()].concat()
}

/// Those of an application and of who asks for it.
fn application_forms() -> Vec<&'static Form> {
    vec![
        ScenarioFields::FORM,
        application::ApplicationFields::FORM,
        application::ModuleFields::FORM,
        application::EventFields::FORM,
        application::TableFields::FORM,
        views::EventLogFields::FORM,
        application::ExternalFields::FORM,
        steps::StepChoice::FORM,
        steps::CallFields::FORM,
        steps::BranchFields::FORM,
        steps::RepeatFields::FORM,
        steps::TimesChoice::FORM,
        steps::UniformTimesFields::FORM,
        steps::MeanTimesFields::FORM,
        steps::TransactionFields::FORM,
        steps::CacheFields::FORM,
        statements::ReadFields::FORM,
        statements::WriteFields::FORM,
        statements::JoinFields::FORM,
        distribution::LawChoice::FORM,
        distribution::ExponentialFields::FORM,
        distribution::LogNormalFields::FORM,
        distribution::GammaFields::FORM,
        distribution::WeibullFields::FORM,
        distribution::ParetoFields::FORM,
        distribution::UniformFields::FORM,
        distribution::HyperExponentialFields::FORM,
        distribution::LawBranchFields::FORM,
        distribution::ErlangFields::FORM,
        distribution::EmpiricalFields::FORM,
        workload::WorkloadFields::FORM,
        workload::EndpointFields::FORM,
        arrivals::ArrivalsChoice::FORM,
        arrivals::ClosedFields::FORM,
        arrivals::MmppFields::FORM,
        arrivals::StateFields::FORM,
        arrivals::BatchFields::FORM,
        arrivals::BatchSizeChoice::FORM,
        arrivals::GeometricSizeFields::FORM,
        profile::ProfileFields::FORM,
        profile::SineFields::FORM,
        profile::PointFields::FORM,
        trace::TraceFields::FORM,
    ]
}

/// Those of layouts, of what they run on, and of runs.
fn layout_forms() -> Vec<&'static Form> {
    vec![
        layout::LayoutFields::FORM,
        layout::MachineFields::FORM,
        transactions::ConsistencyChoice::FORM,
        transactions::TwoPhaseFields::FORM,
        transactions::SagaFields::FORM,
        brokers::BrokerChoice::FORM,
        brokers::BrokerFields::FORM,
        brokers::OutboxFields::FORM,
        brokers::ConsumerFields::FORM,
        views::ViewFields::FORM,
        views::FeedChoice::FORM,
        views::CdcFields::FORM,
        service::ServiceFields::FORM,
        service::AsyncFields::FORM,
        scaling::ScaledFields::FORM,
        scaling::TargetFields::FORM,
        scaling::ScheduledFields::FORM,
        scaling::LimitFields::FORM,
        scaling::PolicyFields::FORM,
        scaling::StartFields::FORM,
        database::DatabaseFields::FORM,
        mechanisms::CostFields::FORM,
        storage::StorageFields::FORM,
        platform::PlatformFields::FORM,
        platform::WakeUpFields::FORM,
        platform::NodeFields::FORM,
        platform::ReservedFields::FORM,
        platform::NetworkFields::FORM,
        platform::LinkFields::FORM,
        protocol::ProtocolFields::FORM,
        run::RunFields::FORM,
        run::FixedFields::FORM,
        run::SloFields::FORM,
        run::CompletionFields::FORM,
        run::StudyChoice::FORM,
        limits::LimitFields::FORM,
    ]
}

/// Every law that may be written as a text, `exp(2ms)`, with the parameters that it takes there without their names, in
/// order.
pub fn text_forms() -> &'static [(&'static str, &'static [&'static str])] {
    short_form::LAWS
}
