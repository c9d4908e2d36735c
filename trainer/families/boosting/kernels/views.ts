// The shared memory seen as arrays of each number type, and where the regions start in them.
import {
  featureBytes,
  featureField,
  type MemoryPlan,
  maxBins,
  nodeBytes,
  searchNumbers,
  tableBytes,
} from "./layout.ts";
import type { SharedMemory } from "./webassembly.ts";

/** Views over one memory. Nodes, tables and slots are named by number, addresses are byte offsets. */
export class Views {
  readonly bytes: Uint8Array;
  readonly ints: Int32Array;
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly plan: MemoryPlan;
  /** What the split finder is told (layout.ts, `search`). */
  readonly settings: Float64Array;

  constructor(memory: SharedMemory, plan: MemoryPlan) {
    this.bytes = new Uint8Array(memory.buffer);
    this.ints = new Int32Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    this.floats = new Float32Array(memory.buffer);
    this.doubles = new Float64Array(memory.buffer);
    this.plan = plan;
    this.settings = this.doubles.subarray(plan.at.search >> 3, (plan.at.search >> 3) + searchNumbers);
  }

  nodeAddress(id: number): number {
    return this.plan.at.nodes + id * nodeBytes;
  }

  getNode(id: number, field: number): number {
    return this.doubles[(this.nodeAddress(id) >> 3) + field];
  }

  setNode(id: number, field: number, value: number): void {
    this.doubles[(this.nodeAddress(id) >> 3) + field] = value;
  }

  tableAddress(id: number): number {
    return this.plan.at.tables + id * tableBytes;
  }

  /** Routing table of a node: 1 for each bin that goes left. */
  table(id: number): Uint8Array {
    return this.bytes.subarray(this.tableAddress(id), this.tableAddress(id) + tableBytes);
  }

  slotAddress(slot: number): number {
    return this.plan.at.histograms + slot * this.plan.slotBytes;
  }

  getFeature(feature: number, field: keyof typeof featureField): number {
    return this.ints[((this.plan.at.features + feature * featureBytes) >> 2) + featureField[field]];
  }

  setFeature(feature: number, field: keyof typeof featureField, value: number): void {
    this.ints[((this.plan.at.features + feature * featureBytes) >> 2) + featureField[field]] = value;
  }

  /** Address of a feature's cuts, float32. */
  cutsAddress(feature: number): number {
    return this.plan.at.cuts + feature * maxBins * 4;
  }

  cuts(feature: number): Float32Array {
    const count = this.getFeature(feature, "bins") - 1;
    return this.floatsAt(this.cutsAddress(feature), Math.max(0, count));
  }

  floatsAt(address: number, count: number): Float32Array {
    return this.floats.subarray(address >> 2, (address >> 2) + count);
  }

  marginsAddress(output: number): number {
    return this.plan.at.margins + output * this.plan.allRows * 4;
  }

  /** Margins of all rows, training first, for one output. */
  margins(output: number): Float32Array {
    return this.floatsAt(this.marginsAddress(output), this.plan.allRows);
  }

  /** Address of row list `buffer`: 0 stands for the rows in order. */
  listAddress(buffer: number): number {
    return [0, this.plan.at.rowsA, this.plan.at.rowsB][buffer];
  }
}
