/** The same value, frozen with everything in it: several handlers share one event. */
export function deepFrozen<Value>(value: Value): Value {
  const pending: unknown[] = [value];
  // A loop, since a function that calls itself does not survive what is nested deeply. The list grows while it runs.
  for (const one of pending) {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one) || Object.isFrozen(one)) continue;
    for (const member of Object.values(one)) pending.push(member);
    Object.freeze(one);
  }
  return value;
}
