/** The same value, frozen with everything in it: several handlers share one event. */
export function deepFrozen<Value>(value: Value): Value {
  const pending: unknown[] = [value];
  // A loop, since recursion would overflow the stack on deep nesting. The list grows while it runs.
  for (const one of pending) {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one) || Object.isFrozen(one)) continue;
    for (const member of Object.values(one)) pending.push(member);
    Object.freeze(one);
  }
  return value;
}
