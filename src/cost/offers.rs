//! What clouds sell, under the names that their catalogues use.
//!
//! Every table lists the names of several clouds; a bill takes the first that its catalogue has.
//! So a catalogue needs no word about which cloud it is of, and a user's own may use any of them.

use crate::model::{Price, Prices, ServerOffer};

/// (kind, item) of a price.
type Name = (&'static str, &'static str);

/// Control planes of a managed cluster, per hour.
pub(super) const CONTROL_PLANE: [Name; 3] =
    [("k8s", "EKS control plane"), ("k8s", "GKE cluster fee"), ("k8s", "AKS uptime SLA")];

/// Load balancers, per hour.
pub(super) const LOAD_BALANCER: [Name; 3] =
    [("lb", "ALB"), ("lb", "forwarding rule"), ("lb", "Standard rule")];

/// What a load balancer does, and how that is measured.
pub(super) const BALANCED: [(Name, Balanced); 3] = [
    (("lb", "ALB LCU"), Balanced::CapacityUnits),
    (("lb", "data processed, inbound"), Balanced::Inbound),
    (("lb", "Standard data processed"), Balanced::BothWays),
];

/// How the work of a load balancer is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Balanced {
    /// In capacity units, per unit and hour.
    CapacityUnits,
    /// By the bytes that come in, per GB.
    Inbound,
    /// By the bytes that pass, per GB.
    BothWays,
}

/// Traffic between zones, with the number of sides that are charged for the same byte.
pub(super) const CROSS_ZONE: [(Name, f64); 3] = [
    (("network", "intra-region cross-AZ, per direction"), 2.0),
    (("network", "inter-zone egress"), 1.0),
    (("network", "inter-zone transfer"), 1.0),
];

/// Traffic between regions: the sender is charged.
pub(super) const CROSS_REGION: [Name; 1] = [("network", "to other regions")];

/// Traffic to the internet by tier, dearest first, with the size of the tier [GB a month]. The
/// price lists' tiers of 10 and 40 TB end at 10,240 and 51,200 GB.
pub(super) const INTERNET: [(Name, f64); 5] = [
    (("network", "internet egress first 10 TB"), 10_240.0),
    (("network", "internet egress next 40 TB"), 40_960.0),
    (("network", "internet egress next 100 TB"), 102_400.0),
    (("network", "internet egress over 150 TB"), f64::INFINITY),
    (("network", "internet egress first tier"), 10_240.0),
];

/// Who runs a database server, which decides how its volume is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// The cloud: server and volume have prices of their own.
    Cloud,
    /// The team, on a plain machine with a plain volume.
    Team,
}

/// A kind of volume: what its size costs, and its operations beyond those included.
pub(super) struct Volume {
    kind: &'static str,
    operator: Operator,
    /// Price per GB and month.
    pub(super) size: Name,
    /// Price per provisioned operation per second and month, where a catalogue has one.
    pub(super) iops: Option<Name>,
    /// Operations per second that come with the size.
    pub(super) included_iops: Included,
}

/// Operations per second that a volume has without being charged for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Included {
    /// All that the volume can do.
    All,
    /// None: all must be provisioned.
    None,
    /// 3,000.
    Baseline,
    /// 3,000, and 12,000 from 400 GiB on, where the cloud stripes four volumes (Amazon RDS User
    /// Guide, "Amazon RDS DB instance storage", gp3 for PostgreSQL).
    BaselineStriped,
}

const VOLUMES: [Volume; 9] = [
    Volume {
        kind: "gp3",
        operator: Operator::Cloud,
        size: ("rds_storage", "gp3 single-AZ"),
        iops: Some(("rds_iops", "gp3 single-AZ")),
        included_iops: Included::BaselineStriped,
    },
    Volume {
        kind: "gp2",
        operator: Operator::Cloud,
        size: ("rds_storage", "gp2 single-AZ"),
        iops: None,
        included_iops: Included::All,
    },
    Volume {
        kind: "io1",
        operator: Operator::Cloud,
        size: ("rds_storage", "io1"),
        iops: Some(("rds_iops", "io1")),
        included_iops: Included::None,
    },
    Volume {
        kind: "ssd",
        operator: Operator::Cloud,
        size: ("postgres_flexible_storage", "storage"),
        iops: None,
        included_iops: Included::All,
    },
    Volume {
        kind: "ssd",
        operator: Operator::Cloud,
        size: ("cloud_sql", "SSD zonal"),
        iops: None,
        included_iops: Included::All,
    },
    Volume {
        kind: "ssd",
        operator: Operator::Team,
        size: ("disk", "pd-ssd"),
        iops: None,
        included_iops: Included::All,
    },
    Volume {
        kind: "gp3",
        operator: Operator::Team,
        size: ("ebs", "gp3 storage"),
        iops: Some(("ebs", "gp3 IOPS above 3000")),
        included_iops: Included::Baseline,
    },
    Volume {
        kind: "io2",
        operator: Operator::Team,
        size: ("ebs", "io2 storage"),
        iops: Some(("ebs", "io2 IOPS")),
        included_iops: Included::None,
    },
    Volume {
        kind: "gp2",
        operator: Operator::Team,
        size: ("ebs", "gp2 storage"),
        iops: None,
        included_iops: Included::All,
    },
];

impl Included {
    /// Operations per second that come with a volume of so many GiB.
    pub(super) fn of_size(self, gib: f64) -> u32 {
        match self {
            Included::All => u32::MAX,
            Included::None => 0,
            Included::BaselineStriped if gib >= 400.0 => 12_000,
            Included::Baseline | Included::BaselineStriped => 3_000,
        }
    }
}

/// The first of several names that a catalogue has.
pub(super) fn first<'a>(prices: &'a Prices, names: &[Name]) -> Option<&'a Price> {
    names.iter().find_map(|(kind, item)| prices.find(kind, item))
}

/// Who runs a database server of a class for an engine, and how it is sold.
///
/// A class that is a plain machine is a server that the team runs. So is one without a class; a
/// class that the catalogue lacks is taken for one of the cloud's.
pub(super) fn database<'a>(
    prices: &'a Prices,
    engine: &str,
    class: Option<&str>,
) -> (Operator, Option<ServerOffer<'a>>) {
    let Some(class) = class else {
        return (Operator::Team, None);
    };
    match prices.server(engine, class) {
        Some(offer @ ServerOffer::Machine(_)) => (Operator::Team, Some(offer)),
        offer => (Operator::Cloud, offer),
    }
}

/// How a kind of volume is sold, if the catalogue has a price for it.
pub(super) fn volume(prices: &Prices, kind: &str, operator: Operator) -> Option<&'static Volume> {
    VOLUMES
        .iter()
        .filter(|volume| volume.kind == kind && volume.operator == operator)
        .find(|volume| first(prices, &[volume.size]).is_some())
}
