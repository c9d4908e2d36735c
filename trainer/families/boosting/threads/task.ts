// What a thread can be asked to do: five numbers a task, all else lies in the shared memory.

export const taskKind = {
  /** Bin a number column: feature, scratch slot. */
  bin: 0,
  /** Gradients of rows from..to for one output; result: largest gradient and hessian. */
  gradients: 1,
  /** Fixed point of rows from..to, with the scales in the first results. */
  quantize: 2,
  /** One part of a node's histogram: node, first row, rows, address. */
  histogram: 3,
  /** A node's rows to its children: node, 0 for all of them, 1 or 2 for a half. */
  partition: 4,
  /** Sum the parts of a node's histograms, take the sibling's, find the splits of both children: node, first part slot, parts. */
  finish: 5,
  /** All of it for one small node. */
  split: 6,
  /** The root's parts summed and its split found: first part slot, parts. */
  root: 7,
  /** Leaf values onto the margins of a leaf's rows: node. */
  apply: 8,
  /** The same for rows that were not fitted on: list, start, count. */
  walk: 9,
  /** Class probabilities of rows from..to, once a round. */
  probabilities: 10,
} as const;
export type TaskKind = (typeof taskKind)[keyof typeof taskKind];

export type Task = readonly [kind: TaskKind, a?: number, b?: number, c?: number, d?: number];
