"""Sorting inside kernels: heap sort, in place, without allocation."""

from __future__ import annotations

from clustersim.core.accelerate import kernel


@kernel
def sort_order(order, priority):
    """Fill `order` with the positions of `priority` from smallest to largest, equal ones as they stand (heap sort: in place)."""
    size = order.size
    for k in range(size):
        order[k] = k
    for start in range(size // 2 - 1, -1, -1):
        sift(order, priority, start, size)
    for end in range(size - 1, 0, -1):
        order[0], order[end] = order[end], order[0]
        sift(order, priority, 0, end)


@kernel
def before(priority, a, b):
    """Whether position a comes before position b: by priority, and by place where that is equal."""
    return priority[a] < priority[b] or (priority[a] == priority[b] and a < b)


@kernel
def sift(order, priority, root, end):
    """Let the entry at `root` sink to its place in the heap of the first `end` entries."""
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and before(priority, order[child], order[child + 1]):
            child += 1
        if not before(priority, order[root], order[child]):
            return
        order[root], order[child] = order[child], order[root]
        root = child
