//! Lone rows and unknown costs, put together: what is reached, the fit, draws from what it leaves uncertain, and the rows
//! that nothing fits.

use super::findings::{LoneFindings, SumFindings};
use super::fit::{self, Fitted, Problem};
use super::lone::Lone;
use super::situation::Situation;
use super::sums;
use super::unknowns::Unknown;
use crate::model::Span;
use crate::random::{Key, Stream};
use crate::scenario::{Code, Diagnostic};
use crate::statistics::normal_quantile;
use crate::study::progress::Progress;
use crate::study::replicate::side_by_side;
use crate::study::run::Unfinished;
use crate::units::si_time;

/// How many standard deviations of a measurement a fitted figure may be off.
const MOST_OFF: f64 = 5.0;
/// Least slope of any figure by a cost that is reached.
const REACHED: f64 = 1e-4;

/// The lone rows, simulated side by side.
pub(super) struct Workbench<'a> {
    lone: Vec<Lone<'a>>,
    progress: &'a dyn Progress,
}

impl<'a> Workbench<'a> {
    pub(super) fn new(lone: Vec<Situation<'a>>, progress: &'a dyn Progress) -> Self {
        Workbench { lone: lone.into_iter().map(Lone::new).collect(), progress }
    }

    /// The told figures of all rows at each of some points (logarithms of factors).
    fn tell(
        &mut self,
        unknowns: &[Unknown],
        points: &[Vec<f64>],
    ) -> Result<Vec<Vec<f64>>, Unfinished> {
        let stop = self.progress.stop();
        let factors = |point: &[f64]| point.iter().map(|x| x.exp()).collect::<Vec<f64>>();
        if let Some(first) = points.first() {
            let here = factors(first);
            self.lone.iter_mut().try_for_each(|lone| lone.settle(unknowns, &here, stop))?;
        }
        let lone = &self.lone;
        let jobs: Vec<(usize, usize)> = (0..points.len())
            .flat_map(|point| (0..lone.len()).map(move |row| (point, row)))
            .collect();
        let found = side_by_side(&jobs, |(point, row)| {
            lone[*row].told(unknowns, &factors(&points[*point]), stop)
        });
        let found: Vec<Vec<f64>> = found.into_iter().collect::<Result<_, _>>()?;
        Ok(found.chunks(lone.len().max(1)).map(<[Vec<f64>]>::concat).collect())
    }

    /// Those of the unknowns that any figure depends on.
    pub(super) fn reached(&mut self, asked: Vec<Unknown>) -> Result<Vec<Unknown>, Unfinished> {
        self.progress.note("looking for costs that lone clients reach");
        let at = vec![0.0; asked.len()];
        let (_, slopes) = fit::slopes(&at, &mut |points| self.tell(&asked, points))?;
        let is_reached = |index: usize| slopes.iter().any(|row| row[index].abs() > REACHED);
        let reached = asked.into_iter().enumerate().filter(|(index, _)| is_reached(*index));
        let reached: Vec<Unknown> = reached.map(|(_, unknown)| unknown).collect();
        if reached.is_empty() {
            let message = "no figure of a lone client depends on any cost that could be fitted";
            let diagnostic = Diagnostic::new(Code::Unfitted, message, Span::NOWHERE);
            let hint = "fitted are `cpu` steps, protocols, statements and log flushes above zero";
            return Err(Unfinished::Refused(vec![diagnostic.hint(hint)]));
        }
        Ok(reached)
    }

    pub(super) fn fit(
        &mut self,
        unknowns: &[Unknown],
        prior: &[f64],
        error: f64,
    ) -> Result<Fitted, Unfinished> {
        let measured = self.measured();
        let zero = vec![0.0; prior.len()];
        let problem = Problem { measured: &measured, error, prior, centre: &zero, start: &zero };
        let mut step = 0;
        let progress = self.progress;
        fit::fit(&problem, &mut |points| {
            step += 1;
            progress.note(&format!("fitting to lone clients, step {step}"));
            self.tell(unknowns, points)
        })
    }

    /// Factors of the unknowns that the measurements allow, draw by draw.
    pub(super) fn drawn(
        &self,
        fitted: &Fitted,
        (prior, error): (&[f64], f64),
        count: u32,
        seed: u64,
    ) -> Vec<Vec<f64>> {
        let measured = self.measured();
        let zero = vec![0.0; prior.len()];
        let problem = Problem { measured: &measured, error, prior, centre: &zero, start: &zero };
        let key = Key(seed).named("calibration");
        let numbers: Vec<u64> = (0..u64::from(count)).collect();
        side_by_side(&numbers, |number| {
            let mut stream = Stream::new(key.child(*number));
            let mut normal = || normal_quantile(stream.uniform().clamp(1e-12, 1.0 - 1e-12));
            let chance: Vec<f64> = (0..prior.len() + measured.len()).map(|_| normal()).collect();
            fitted.drawn(&problem, &chance).into_iter().map(f64::exp).collect()
        })
    }

    /// Logarithms of the figures that are fitted.
    fn measured(&self) -> Vec<f64> {
        self.figures().map(|(_, _, value)| value.ln()).collect()
    }

    /// Every figure that is fitted: the row, its name, its value (s).
    fn figures(&self) -> impl Iterator<Item = (&Lone<'_>, &'static str, f64)> {
        self.lone.iter().flat_map(|lone| {
            lone.measured().into_iter().map(move |(figure, value)| (lone, figure.name(), value))
        })
    }

    pub(super) fn told(&self, fitted: &Fitted) -> Vec<LoneFindings> {
        let told = self.figures().zip(&fitted.told).map(|((lone, metric, measured), told)| {
            let situation = &lone.situation;
            LoneFindings {
                case: situation.row.case.clone(),
                layout: situation.row.layout.clone(),
                endpoint: situation.endpoint(),
                metric: metric.to_string(),
                measured_seconds: measured,
                fitted_seconds: told.exp(),
                off_share: told.exp() / measured - 1.0,
            }
        });
        told.collect()
    }

    /// Rows that no values of the unknowns come near.
    pub(super) fn refuse_unfitted(&self, fitted: &Fitted, error: f64) -> Result<(), Unfinished> {
        let figures: Vec<(&Lone<'_>, &str, f64)> = self.figures().collect();
        let off: Vec<f64> =
            figures.iter().zip(&fitted.told).map(|((_, _, own), told)| told - own.ln()).collect();
        let too_far = (0..off.len()).filter(|index| off[*index].abs() > MOST_OFF * error);
        let refused = too_far.map(|index| {
            let shared = |other: usize| {
                let pairs = fitted.jacobian[index].iter().zip(&fitted.jacobian[other]);
                pairs.map(|(one, two)| one * two).sum::<f64>() > REACHED
            };
            let against: Vec<usize> = (0..off.len())
                .filter(|other| {
                    off[*other] * off[index] < 0.0 && off[*other].abs() > error && shared(*other)
                })
                .collect();
            unfitted(&figures, fitted, index, &against)
        });
        let refused: Vec<Diagnostic> = refused.collect();
        if refused.is_empty() { Ok(()) } else { Err(Unfinished::Refused(refused)) }
    }

    pub(super) fn sums(
        &self,
        fitted: &Fitted,
        unknowns: &[Unknown],
        (after, prior): (&[f64], &[f64]),
    ) -> Vec<SumFindings> {
        let cases: Vec<&str> =
            self.figures().map(|(lone, _, _)| lone.situation.row.case.as_str()).collect();
        let sums = sums::sums(fitted, after, prior).into_iter();
        let told = sums.map(|(figure, parts)| SumFindings {
            case: cases[figure].to_string(),
            unknowns: parts.into_iter().map(|part| unknowns[part].path.clone()).collect(),
        });
        told.collect()
    }
}

/// What is told of a figure that is off, and of those that pull the costs the other way.
fn unfitted(
    figures: &[(&Lone<'_>, &str, f64)],
    fitted: &Fitted,
    index: usize,
    against: &[usize],
) -> Diagnostic {
    let both = |index: usize| [figures[index].2, fitted.told[index].exp()].map(si_time);
    let (lone, name, _) = figures[index];
    let row = lone.situation.row;
    let [measured, told] = both(index);
    let message = format!(
        "`{}`: a {name} of {measured} was measured, and the nearest that any costs come to is {told}",
        row.case
    );
    let mut diagnostic = Diagnostic::new(Code::Unfitted, message, row.span);
    for other in against {
        let (lone, name, _) = figures[*other];
        let [measured, told] = both(*other);
        let text = format!("pulls the other way: a {name} of {measured}, fitted as {told}");
        diagnostic = diagnostic.also(lone.situation.row.span, text);
    }
    diagnostic.hint(match against {
        [] => "something in it that is not fitted decides it, or it was measured otherwise",
        _ => "one of them was measured otherwise, or the scenario leaves out what sets them apart",
    })
}
