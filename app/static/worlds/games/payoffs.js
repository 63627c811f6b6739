// Payoffs of a round as a frame holds them: by role (0 row, 1 column), own action and the other's.

/** What a player in a role is paid. @param {ArrayLike<number>} payoff @param {number} k actions @param {number} role @param {number} own @param {number} other */
export const paid = (payoff, k, role, own, other) => payoff[(role * k + own) * k + other];

/** What the row player and the column player get, where there is room for both, or the first of them. @param {ArrayLike<number>} payoff @param {number} k @param {number} row @param {number} column @param {boolean} both */
export function payoffsInWords(payoff, k, row, column, both) {
  const first = number(paid(payoff, k, 0, row, column));
  return both ? `${first}, ${number(paid(payoff, k, 1, column, row))}` : first;
}

/** @param {number} value */
export const number = (value) => String(Math.round(value * 10) / 10).replace("-", "−");
