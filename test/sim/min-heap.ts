type Node<T> = { key: number; number: number; value: T };

/** Values by key, smallest first; of one key, first in first out. */
export class MinHeap<T> {
  readonly #nodes: Node<T>[] = [];
  #added = 0;

  firstKey(): number | undefined {
    return this.#nodes[0]?.key;
  }

  first(): T | undefined {
    return this.#nodes[0]?.value;
  }

  add(key: number, value: T): void {
    const node: Node<T> = { key, number: this.#added, value };
    this.#added += 1;
    let index = this.#nodes.push(node) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#nodes[parentIndex];
      if (parent === undefined || !isBefore(node, parent)) break;
      this.#nodes[index] = parent;
      index = parentIndex;
    }
    this.#nodes[index] = node;
  }

  /** Takes the first value out. */
  take(): T | undefined {
    const [first] = this.#nodes;
    const last = this.#nodes.pop();
    if (last === undefined || first === undefined || first === last) return first?.value;
    let index = 0;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = this.#nodes[leftIndex];
      const right = this.#nodes[leftIndex + 1];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, last)) break;
      this.#nodes[index] = child;
      index = isRight ? leftIndex + 1 : leftIndex;
    }
    this.#nodes[index] = last;
    return first.value;
  }
}

const isBefore = <T>(a: Node<T>, b: Node<T>): boolean => a.key < b.key || (a.key === b.key && a.number < b.number);
