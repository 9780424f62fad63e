//! Cholesky's factor of a small dense matrix: linear systems, covariances, correlated normal numbers.
//! Golub & Van Loan, Matrix Computations, 4th edition, section 4.2.

/// A symmetric positive definite matrix A as L Lᵀ, L lower triangular.
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    /// Rows of L, each as long as its number.
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// The factor of `matrix`, given by its rows, of which what is left of the diagonal and on it is read.
    /// `None` where it is not positive definite.
    pub fn of(matrix: &[Vec<f64>]) -> Option<Self> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
        for (index, given) in matrix.iter().enumerate() {
            let mut row: Vec<f64> = Vec::with_capacity(index + 1);
            for column in 0..=index {
                let above = if column == index { &row } else { &rows[column] };
                let rest = given[column] - product(&row[..column], &above[..column]);
                if column < index {
                    row.push(rest / rows[column][column]);
                } else if rest > 0.0 && rest.is_finite() {
                    row.push(rest.sqrt());
                } else {
                    return None;
                }
            }
            rows.push(row);
        }
        Some(Cholesky { rows })
    }

    /// The x with A x = `right`.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        self.solve_transposed(&self.solve_lower(right))
    }

    /// The x with L x = `right`.
    fn solve_lower(&self, right: &[f64]) -> Vec<f64> {
        let mut found: Vec<f64> = Vec::with_capacity(right.len());
        for (row, value) in self.rows.iter().zip(right) {
            let rest = value - product(&row[..found.len()], &found);
            found.push(rest / row[found.len()]);
        }
        found
    }

    /// The x with Lᵀ x = `right`. Of independent standard normal numbers it makes normal numbers whose covariance is
    /// the inverse of A.
    pub fn solve_transposed(&self, right: &[f64]) -> Vec<f64> {
        let mut found = right.to_vec();
        for index in (0..found.len()).rev() {
            found[index] /= self.rows[index][index];
            for column in 0..index {
                found[column] -= self.rows[index][column] * found[index];
            }
        }
        found
    }

    /// The inverse of A, by its rows.
    pub fn inverse(&self) -> Vec<Vec<f64>> {
        let count = self.rows.len();
        let unit = |place: usize| -> Vec<f64> {
            (0..count).map(|index| f64::from(u8::from(index == place))).collect()
        };
        (0..count).map(|place| self.solve(&unit(place))).collect()
    }
}

/// Sum of the products of what stands at the same place.
fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-12, "{found:?}, not {expected:?}");
        }
    }

    /// A = [[4, 2, 2], [2, 5, 3], [2, 3, 6]] has L = [[2], [1, 2], [1, 1, 2]], worked out by hand.
    fn by_hand() -> Cholesky {
        let matrix = [[4.0, 2.0, 2.0], [2.0, 5.0, 3.0], [2.0, 3.0, 6.0]];
        Cholesky::of(&matrix.map(|row| row.to_vec())).expect("it is positive definite")
    }

    #[test]
    fn the_factor_is_that_of_the_hand() {
        assert_eq!(by_hand().rows, [vec![2.0], vec![1.0, 2.0], vec![1.0, 1.0, 2.0]]);
    }

    #[test]
    fn systems_and_the_inverse_are_solved() {
        // A (1, −2, 3) = (6, 1, 14).
        near(&by_hand().solve(&[6.0, 1.0, 14.0]), &[1.0, -2.0, 3.0]);
        // Lᵀ (1, −2, 3) = (2 − 2 + 3, −4 + 3, 6).
        near(&by_hand().solve_transposed(&[3.0, -1.0, 6.0]), &[1.0, -2.0, 3.0]);
        // det A = (2 · 2 · 2)² = 64, and the cofactors by hand.
        let inverse = by_hand().inverse();
        let expected = [[21.0, -6.0, -4.0], [-6.0, 20.0, -8.0], [-4.0, -8.0, 16.0]];
        for (row, expected) in inverse.iter().zip(expected) {
            near(row, &expected.map(|cofactor| cofactor / 64.0));
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        assert_eq!(Cholesky::of(&[vec![1.0, 2.0], vec![2.0, 4.0]]), None);
        assert_eq!(Cholesky::of(&[vec![-1.0]]), None);
        assert_eq!(Cholesky::of(&[vec![f64::NAN]]), None);
        assert_eq!(Cholesky::of(&[]), Some(Cholesky { rows: vec![] }));
    }
}
