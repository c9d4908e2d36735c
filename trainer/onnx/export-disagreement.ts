// The error of the export gate, apart from the gate: the command line maps it to an exit code without loading a runtime.

/** An exported model that some runtime prices differently: it must not be published. */
export class ExportDisagreement extends Error {
  override readonly name = "ExportDisagreement";
}
