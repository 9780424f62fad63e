//! Golden vectors: what every source of randomness gives, number by number, against its authors' programs.
//! Draws of every law are pinned in `tests/determinism/golden.rs`.
//!
//! Where a test here fails, results of all scenarios change. If that is meant, write the new numbers down
//! here and tell it in CHANGELOG.md under **Results change** and in the commit (`Results change: …`).

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution as _, Exp1, Gamma, StandardNormal, Zipf};

use super::{Distribution, Draws, Key, RowSampler, Sampler, Stream};

const SAY: &str = "the draws have changed: CHANGELOG.md needs a line under **Results change**";

/// The generator as its authors publish it (Blackman & Vigna, xoshiro256plusplus.c, public domain).
fn by_its_authors(state: &mut [u64; 4]) -> u64 {
    let result = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
    let shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = state[3].rotate_left(45);
    result
}

/// Steele, Lea & Flood's generator as Vigna publishes it (splitmix64.c, public domain).
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[test]
fn splitmix_gives_its_published_numbers() {
    let mut state = 1_234_567;
    let words: Vec<u64> = (0..5).map(|_| splitmix(&mut state)).collect();
    let published = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];
    assert_eq!(words, published);
}

#[test]
fn xoshiro_gives_its_published_numbers() {
    let published = [
        41_943_041,
        58_720_359,
        3_588_806_011_781_223,
        3_591_011_842_654_386,
        9_228_616_714_210_784_205,
        9_973_669_472_204_895_162,
        14_011_001_112_246_962_877,
        12_406_186_145_184_390_807,
        15_849_039_046_786_891_736,
        10_450_023_813_501_588_000,
    ];
    let mut state = [1, 2, 3, 4];
    let words: Vec<u64> = (0..10).map(|_| by_its_authors(&mut state)).collect();
    assert_eq!(words, published);
    let mut seed = [0; 32];
    (0..4).for_each(|index| seed[8 * index] = index as u8 + 1);
    let mut generator = Xoshiro256PlusPlus::from_seed(seed);
    let words: Vec<u64> = (0..10).map(|_| generator.next_u64()).collect();
    assert_eq!(words, published, "{SAY}");
}

#[test]
fn a_named_stream_is_xoshiro_seeded_by_splitmix_from_its_key() {
    for key in [0, 1, 42, u64::MAX] {
        let mut seed = key;
        let mut state = [0; 4].map(|_: u64| splitmix(&mut seed));
        let mut stream = Stream::new(Key(key));
        for number in 0..1000 {
            let word = by_its_authors(&mut state);
            assert_eq!(stream.next_u64(), word, "word {number} of key {key}: {SAY}");
        }
    }
}

#[test]
fn the_draws_of_a_step_are_splitmix_from_its_key() {
    for (key, site) in [(Key(0), 0), (Key(42), 7), (Key(u64::MAX), u32::MAX)] {
        let mut state = key.0 ^ (u64::from(site) + 1).wrapping_mul(0x5851_F42D_4C95_7F2D);
        let mut draws = Draws::at(key, site);
        for number in 0..1000 {
            assert_eq!(draws.next_u64(), splitmix(&mut state), "word {number}: {SAY}");
        }
    }
}

/// Keys as they are made on the way from a seed to a step, computed by a program of its own in another
/// language.
#[test]
fn the_keys_from_a_seed_to_a_request_are_pinned() {
    let production = Key(42).named("production");
    let replication = production.child(3);
    let source = replication.named("source").named("checkout");
    let shared = replication.named("source").named("");
    let request = source.child(1_000_000);
    let frame = request.child(17).child(3);
    let keys = [production, replication, source, shared, request, frame].map(|key| key.0);
    assert_eq!(keys, KEYS, "{SAY}");
    assert_eq!(Key(42).named("a name of more than 8 bytes").0, LONG_NAME, "{SAY}");
}

const KEYS: [u64; 6] = [
    0x65D3_B88D_E319_DF0D,
    0x8E67_4D1A_9D13_5263,
    0xB23D_253F_B2BA_0B95,
    0x9BB6_28B2_6860_6D0B,
    0xCE15_96CD_C40E_0FDC,
    0xB34A_F3A5_EEB3_525F,
];
const LONG_NAME: u64 = 0xEFBB_5573_1CC3_B161;

#[test]
fn samplers_are_those_of_rand_distr_scaled_to_nanoseconds() {
    let ns = |time: f64| (time + 0.5) as u64;
    let gamma = Gamma::new(4.0, 2.5e6).unwrap();
    for site in 0..2000 {
        let draw = |law: &Distribution| Sampler::new(law).draw(&mut Draws::at(Key(9), site));
        let mut draws = Draws::at(Key(9), site);
        let unit: f64 = Exp1.sample(&mut draws);
        assert_eq!(draw(&Distribution::Exponential { mean: 0.01 }), ns(unit * 1e7), "{SAY}");
        let normal: f64 = StandardNormal.sample(&mut Draws::at(Key(9), site));
        let law = Distribution::LogNormal { mu: -5.0, sigma: 0.5 };
        assert_eq!(draw(&law), ns((-5.0 + 1e9f64.ln() + 0.5 * normal).exp()), "{SAY}");
        let found = gamma.sample(&mut Draws::at(Key(9), site));
        assert_eq!(draw(&Distribution::Erlang { stages: 4, mean: 0.01 }), ns(found), "{SAY}");
        assert_eq!(draw(&Distribution::Gamma { mean: 0.01, cv: 0.5 }), ns(found), "{SAY}");
        let uniform = Draws::at(Key(9), site).uniform();
        let law = Distribution::Uniform { from: 0.001, to: 0.003 };
        assert_eq!(draw(&law), ns(1e6 + (0.003 - 0.001) * 1e9 * uniform), "{SAY}");
        let row: f64 = Zipf::new(1000.0, 0.9).unwrap().sample(&mut Draws::at(Key(9), site));
        let drawn = RowSampler::new(1000, 0.9).draw(&mut Draws::at(Key(9), site));
        assert_eq!(drawn, row as u64 - 1, "{SAY}");
    }
}
