// The part of cli-progress that is used here: the package carries no types.
declare module "cli-progress" {
  interface Options {
    readonly format?: string;
    readonly stream?: NodeJS.WritableStream;
    readonly clearOnComplete?: boolean;
    readonly hideCursor?: boolean;
    readonly barCompleteChar?: string;
    readonly barIncompleteChar?: string;
    readonly barsize?: number;
    readonly fps?: number;
    readonly etaBuffer?: number;
    readonly linewrap?: boolean;
    readonly gracefulExit?: boolean;
  }

  class SingleBar {
    constructor(options: Options);
    start(total: number, startValue: number, payload?: object): void;
    update(value: number, payload?: object): void;
    stop(): void;
  }

  const cliProgress: { SingleBar: typeof SingleBar };
  export default cliProgress;
}
