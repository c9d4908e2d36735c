// Turns the nodes of a foreign tree, in whatever order its file has them, into a Tree whose children follow their parents.
import { InputError } from "#core/api/problem.ts";
import { ensembleLimits } from "#core/trees/check-ensemble.ts";
import { splitKind, type Tree } from "#core/trees/ensemble.ts";

interface ForeignLeaf {
  readonly kind: typeof splitKind.leaf;
  readonly value: number;
  readonly cover: number;
}

interface ForeignSplit<Id> {
  readonly kind: typeof splitKind.less | typeof splitKind.lessOrEqual | typeof splitKind.memberLeft;
  readonly feature: number;
  readonly threshold: number;
  readonly members?: readonly number[];
  readonly defaultLeft: boolean;
  readonly left: Id;
  readonly right: Id;
  readonly cover: number;
  readonly gain: number;
}

export type ForeignNode<Id> = ForeignLeaf | ForeignSplit<Id>;

/**
 * Walks from `root` depth first, left child first, reading each node once; a node that two others lead to (a cycle among them) is refused.
 * `what` names the tree in errors.
 */
export function growTree<Id>(
  what: string,
  root: Id,
  output: number,
  readNode: (id: Id) => ForeignNode<Id>,
): Tree {
  const nodes: ForeignNode<Id>[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const members = new Map<number, readonly number[]>();
  const seen = new Set<Id>();
  const waiting: { id: Id; parent: number; isLeft: boolean }[] = [{ id: root, parent: -1, isLeft: true }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next.id)) throw new InputError(`${what}, node ${next.id}: more than one node leads here`);
    if (nodes.length >= ensembleLimits.nodes)
      throw new InputError(`${what}: more than ${ensembleLimits.nodes} nodes`);
    seen.add(next.id);
    const node = readNode(next.id);
    const index = nodes.push(node) - 1;
    left.push(-1);
    right.push(-1);
    if (next.parent >= 0) (next.isLeft ? left : right)[next.parent] = index;
    if (node.kind === splitKind.leaf) continue;
    if (node.members) members.set(index, node.members);
    waiting.push(
      { id: node.right, parent: index, isLeft: false },
      { id: node.left, parent: index, isLeft: true },
    );
  }
  const split = <T>(pick: (node: ForeignSplit<Id>) => T, otherwise: T): T[] =>
    nodes.map((node) => (node.kind === splitKind.leaf ? otherwise : pick(node)));
  return {
    kind: Uint8Array.from(nodes, (node) => node.kind),
    feature: Int32Array.from(split((node) => node.feature, 0)),
    threshold: Float32Array.from(split((node) => node.threshold, 0)),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    defaultLeft: Uint8Array.from(split((node) => (node.defaultLeft ? 1 : 0), 0)),
    value: Float32Array.from(nodes, (node) => (node.kind === splitKind.leaf ? node.value : 0)),
    cover: Float32Array.from(nodes, (node) => node.cover),
    gain: Float32Array.from(split((node) => node.gain, 0)),
    members,
    output,
  };
}
