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
    let power = powerOfTen(abs(decimals));
    let rounded = decimals >= 0 ? Math.round(exact * power) / power : Math.round(exact / power) * power;
    if (<f32>rounded == value) return rounded;
  }
  return exact;
}

/** Exact up to 10^22. */
function powerOfTen(exponent: i32): f64 {
  let power: f64 = 1;
  for (let i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/** For messages: without `.0`. */
export function show(value: f64): string {
  return Math.floor(value) == value && Math.abs(value) < 1e15 ? (<i64>value).toString() : value.toString();
}
