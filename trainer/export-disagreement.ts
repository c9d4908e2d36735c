// The exported model and the trained one give different prices: the one fault that must stop every publication.

export class ExportDisagreement extends Error {
  override readonly name = "ExportDisagreement";
}
