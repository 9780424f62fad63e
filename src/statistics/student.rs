//! The normal and Student's t distribution, as far as intervals and tests need them.
//!
//! Normal quantile: Wichura's algorithm AS 241, Applied Statistics 37, 1988. Student's t through
//! the regularised incomplete beta function (Abramowitz & Stegun 26.7.1), which is a continued
//! fraction (ibid. 26.5.8) by Lentz's method.

/// The value a standard normal variable stays below with `probability`, which is in (0, 1).
/// Relative error about 1e-16.
pub fn normal_quantile(probability: f64) -> f64 {
    assert_probability(probability);
    let centred = probability - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * ratio(r, &CENTRE);
    }
    let tail = if centred < 0.0 { probability } else { 1.0 - probability };
    let r = (-tail.ln()).sqrt();
    let distance = if r <= 5.0 { ratio(r - 1.6, &TAIL) } else { ratio(r - 5.0, &FAR_TAIL) };
    distance.copysign(centred)
}

/// The value a Student t variable with `degrees` > 0 degrees of freedom stays below with
/// `probability`, which is in (0, 1). Agrees with the published tables to all their digits.
pub fn student_quantile(probability: f64, degrees: f64) -> f64 {
    assert_probability(probability);
    if probability == 0.5 {
        return 0.0;
    }
    let outside = 2.0 * probability.min(1.0 - probability);
    // The t distribution is wider than the normal one, so this is a lower bound.
    let mut low = normal_quantile(1.0 - outside / 2.0).max(0.0);
    let mut high = 2.0 * low + 1.0;
    while student_two_sided(high, degrees) > outside {
        high *= 2.0;
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if student_two_sided(middle, degrees) > outside {
            low = middle;
        } else {
            high = middle;
        }
    }
    high.copysign(probability - 0.5)
}

/// The probability that a Student t variable with `degrees` > 0 degrees of freedom is at least as
/// far from zero as `t`: the two-sided p-value of that t.
pub fn student_two_sided(t: f64, degrees: f64) -> f64 {
    assert!(degrees > 0.0, "Student's t with {degrees} degrees of freedom");
    assert!(!t.is_nan(), "the p-value of a t that is NaN");
    let square = t * t;
    if square.is_infinite() {
        return 0.0;
    }
    // Both parts of one by themselves: their difference to one would lose digits.
    let (x, rest) = (degrees / (degrees + square), square / (degrees + square));
    incomplete_beta(degrees / 2.0, 0.5, x, rest)
}

/// The regularised incomplete beta function I_x(a, b), with `rest` = 1 − x.
fn incomplete_beta(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    if x <= 0.0 || rest <= 0.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * rest.ln();
    let front = front.exp();
    // The fraction converges fast on this side of the mean, and the function is symmetric.
    let value = if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, rest) / b
    };
    value.clamp(0.0, 1.0)
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    // About √max(a, b) steps are needed; the bound only keeps a bug from looping.
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// ln Γ(x) for x ≥ ½: Lanczos' approximation with g = 7, relative error about 1e-15.
pub fn ln_gamma(x: f64) -> f64 {
    const LANCZOS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let mut sum = 0.999_999_999_999_809_9;
    for (index, term) in LANCZOS.iter().enumerate() {
        sum += term / (x + 1.0 + index as f64);
    }
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

fn assert_probability(probability: f64) {
    assert!(probability > 0.0 && probability < 1.0, "the quantile at probability {probability}");
}

/// Numerator and denominator of a rational function, highest power first.
type Ratio = ([f64; 8], [f64; 8]);

fn ratio(x: f64, (numerator, denominator): &Ratio) -> f64 {
    let horner = |terms: &[f64; 8]| terms.iter().fold(0.0, |sum, term| sum * x + term);
    horner(numerator) / horner(denominator)
}

#[expect(clippy::excessive_precision, reason = "digits as published")]
const CENTRE: Ratio = (
    [
        2.509_080_928_730_122_672_7e3,
        3.343_057_558_358_812_810_5e4,
        6.726_577_092_700_870_085_3e4,
        4.592_195_393_154_987_145_7e4,
        1.373_169_376_550_946_112_5e4,
        1.971_590_950_306_551_442_7e3,
        1.331_416_678_917_843_774_5e2,
        3.387_132_872_796_366_608,
    ],
    [
        5.226_495_278_852_854_561e3,
        2.872_908_573_572_194_267_4e4,
        3.930_789_580_009_271_061e4,
        2.121_379_430_158_659_586_7e4,
        5.394_196_021_424_751_107_7e3,
        6.871_870_074_920_579_083e2,
        4.231_333_070_160_091_125_2e1,
        1.0,
    ],
);

#[expect(clippy::excessive_precision, reason = "digits as published")]
const TAIL: Ratio = (
    [
        7.745_450_142_783_414_076_4e-4,
        2.272_384_498_926_918_458_33e-2,
        2.417_807_251_774_506_117_7e-1,
        1.270_458_252_452_368_382_58,
        3.647_848_324_763_204_605_04,
        5.769_497_221_460_691_405_5,
        4.630_337_846_156_545_295_9,
        1.423_437_110_749_683_577_34,
    ],
    [
        1.050_750_071_644_416_843_24e-9,
        5.475_938_084_995_344_946e-4,
        1.519_866_656_361_645_719_66e-2,
        1.481_039_764_274_800_745_9e-1,
        6.897_673_349_851_000_045_5e-1,
        1.676_384_830_183_803_849_4,
        2.053_191_626_637_758_821_87,
        1.0,
    ],
);

#[expect(clippy::excessive_precision, reason = "digits as published")]
const FAR_TAIL: Ratio = (
    [
        2.010_334_399_292_288_132_65e-7,
        2.711_555_568_743_487_578_15e-5,
        1.242_660_947_388_078_438_6e-3,
        2.653_218_952_657_612_309_3e-2,
        2.965_605_718_285_048_912_3e-1,
        1.784_826_539_917_291_335_8,
        5.463_784_911_164_114_369_9,
        6.657_904_643_501_103_777_2,
    ],
    [
        2.044_263_103_389_939_785_64e-15,
        1.421_511_758_316_445_888_7e-7,
        1.846_318_317_510_054_681_8e-5,
        7.868_691_311_456_132_591e-4,
        1.487_536_129_085_061_485_25e-2,
        1.369_298_809_227_358_053_1e-1,
        5.998_322_065_558_879_376_9e-1,
        1.0,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_quantile_is_that_of_the_tables() {
        for (probability, expected) in [
            (1e-10, -6.361_340_902_404_056),
            (0.001, -3.090_232_306_167_813),
            (0.025, -1.959_963_984_540_054),
            (0.3, -0.524_400_512_708_041),
            (0.5, 0.0),
            (0.8, 0.841_621_233_572_914),
            (0.9995, 3.290_526_731_491_926),
            (0.999_999_9, 5.199_337_582_290_662),
        ] {
            let error = normal_quantile(probability) - expected;
            assert!(error.abs() < 1e-12, "{probability}: {error}");
        }
    }

    #[test]
    fn the_student_quantile_is_that_of_the_tables() {
        // Percentage points as published (for instance CRC Standard Mathematical Tables), here
        // with ten digits from a 30-digit computation.
        const DEGREES: [f64; 8] = [1.0, 2.0, 3.0, 4.0, 9.0, 19.0, 30.0, 120.0];
        for (probability, row) in [
            (
                0.9,
                [
                    3.077683537,
                    1.885618083,
                    1.637744354,
                    1.533206274,
                    1.383028738,
                    1.327728209,
                    1.310415025,
                    1.288646234,
                ],
            ),
            (
                0.975,
                [
                    12.70620474,
                    4.30265273,
                    3.182446305,
                    2.776445105,
                    2.262157163,
                    2.093024054,
                    2.042272456,
                    1.979930405,
                ],
            ),
            (
                0.995,
                [
                    63.65674116,
                    9.924843201,
                    5.84090931,
                    4.604094871,
                    3.249835542,
                    2.860934606,
                    2.749995654,
                    2.617421145,
                ],
            ),
            (
                0.999,
                [
                    318.308839,
                    22.32712477,
                    10.21453185,
                    7.17318222,
                    4.296805663,
                    3.579400149,
                    3.385184867,
                    3.159538743,
                ],
            ),
        ] {
            for (degrees, expected) in DEGREES.into_iter().zip(row) {
                let value = student_quantile(probability, degrees);
                assert!((value / expected - 1.0).abs() < 1e-8, "{probability} {degrees}: {value}");
                assert_eq!(student_quantile(1.0 - probability, 1.0).signum(), -1.0);
            }
        }
    }

    #[test]
    fn one_and_two_degrees_agree_with_their_closed_forms() {
        for probability in [0.5001, 0.6, 0.9, 0.99, 0.999_99, 0.2, 1e-6] {
            let one = (std::f64::consts::PI * (probability - 0.5)).tan();
            let a = 2.0 * probability - 1.0;
            let two = a * (2.0 / (1.0 - a * a)).sqrt();
            for (degrees, expected) in [(1.0, one), (2.0, two)] {
                let value = student_quantile(probability, degrees);
                assert!((value / expected - 1.0).abs() < 1e-9, "{probability}: {value} {expected}");
            }
        }
    }

    #[test]
    fn many_degrees_of_freedom_are_nearly_normal() {
        // First term of the expansion in 1/ν: z + (z³ + z)/(4ν), Abramowitz & Stegun 26.7.5.
        let z = normal_quantile(0.975);
        let expected = z + (z.powi(3) + z) / (4.0 * 1e6);
        assert!((student_quantile(0.975, 1e6) - expected).abs() < 1e-9);
        assert_eq!(student_quantile(0.5, 9.0), 0.0);
    }

    #[test]
    fn p_values_are_those_of_a_30_digit_computation() {
        for (t, degrees, expected) in [
            (2.0, 3.0, 0.139325968558843),
            (0.5, 9.0, 0.629071299826026),
            (-5.0, 9.0, 0.000738967909803243),
            (12.0, 4.0, 0.000276428548502973),
            (1.0, 100.0, 0.319724155784123),
            (30.0, 9.0, 2.48370470415826e-10),
            (0.0, 5.0, 1.0),
            (f64::INFINITY, 5.0, 0.0),
        ] {
            let error = student_two_sided(t, degrees) - expected;
            assert!(error.abs() <= 1e-12 * expected, "{t} {degrees}: {error}");
        }
    }
}
