const probeBytes: usize = 4096;
/** Garbage that may gather before it is collected. */
const slack: usize = 64 * 1024;
let limit: usize = 0;

/**
 * Ends a call: collects what the calls since the last collection left behind, when it became much. Nothing else may hold
 * references then; between calls only globals do. Where a large block would be placed tells how full the heap is: the
 * allocator takes the lowest place that fits.
 *
 * @returns 0, the status of a call that succeeded
 */
export function collectGarbage(): i32 {
  let place = probe();
  if (place > limit) {
    __collect();
    limit = probe() + slack;
  }
  return 0;
}

function probe(): usize {
  let place = heap.alloc(probeBytes);
  heap.free(place);
  return place;
}
