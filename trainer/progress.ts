// How a long computation tells how far it is, whoever listens.

export interface Task {
  /** Work done so far, in the task's units; may be a fraction. `note` says what stands out so far. */
  update(done: number, note?: string): void;
  end(): void;
}

export interface Progress {
  task(label: string, total: number): Task;
}

export const silentProgress: Progress = {
  task: () => ({ update() {}, end() {} }),
};
