// Numbers for distinct pairs of a group and a float32 by its bits: a hash table over typed arrays, since a Map of a large model's thresholds
// took much of the time that compiling it did.

/** Knuth's multiplier for 32 bits (TAOCP 3, 6.4), and another odd one to keep the groups apart. */
const spread = 0x9e3779b1;
const groupSpread = 0x85ebca6b;

export class CutTable {
  /** How many pairs there are; the first is 0. */
  count = 0;
  groups = new Int32Array(512);
  bits = new Int32Array(512);
  /** Number of a pair plus one, by hash; half of the places stay free. */
  private places = new Int32Array(1024);

  /** The number of a pair, a new one where it has none yet. */
  find(group: number, bits: number): number {
    const mask = this.places.length - 1;
    let place = placeOf(group, bits) & mask;
    for (;;) {
      const cut = this.places[place] - 1;
      if (cut < 0) break;
      if (this.bits[cut] === bits && this.groups[cut] === group) return cut;
      place = (place + 1) & mask;
    }
    if (this.count === this.bits.length) {
      this.grow();
      return this.find(group, bits);
    }
    this.bits[this.count] = bits;
    this.groups[this.count] = group;
    this.places[place] = ++this.count;
    return this.count - 1;
  }

  private grow(): void {
    this.bits = doubled(this.bits);
    this.groups = doubled(this.groups);
    this.places = new Int32Array(2 * this.places.length);
    const mask = this.places.length - 1;
    for (let cut = 0; cut < this.count; cut++) {
      let place = placeOf(this.groups[cut], this.bits[cut]) & mask;
      while (this.places[place] !== 0) place = (place + 1) & mask;
      this.places[place] = cut + 1;
    }
  }
}

function placeOf(group: number, bits: number): number {
  const mixed = Math.imul(bits ^ Math.imul(group, groupSpread), spread);
  // The low bits of a product know only the low bits of its factors, which round thresholds share.
  return mixed ^ (mixed >>> 15);
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(2 * column.length);
  grown.set(column);
  return grown;
}
