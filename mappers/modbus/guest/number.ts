/** As far as they are exact. */
const powersOfTen: StaticArray<f64> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
  1e22,
];

/**
 * The shortest decimal number that reads back as this float: a meter that measures 230.1 V sends the float32 next to
 * it, which as a float64 would show as 230.10000610351562.
 */
export function shortest(value: f32): f64 {
  let exact = <f64>value;
  if (exact == 0 || !isFinite(exact)) return exact;
  let magnitude = <i32>Math.floor(Math.log10(Math.abs(exact)));
  for (let digits = 6; digits <= 9; ++digits) {
    let decimals = digits - 1 - magnitude;
    if (decimals > 22 || decimals < -22) return exact;
    let power = powersOfTen[abs(decimals)];
    let rounded = decimals >= 0 ? Math.round(exact * power) / power : Math.round(exact / power) * power;
    if (<f32>rounded == value) return rounded;
  }
  return exact;
}

/** For messages: without `.0`. */
export function show(value: f64): string {
  return Math.floor(value) == value && Math.abs(value) < 1e15 ? (<i64>value).toString() : value.toString();
}
