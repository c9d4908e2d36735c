// Which predictions a challenger prices too: a share of them, told by the request's id alone, so that it can be told again.

/** The share of SHADOW_SHARE, 0 to 1; 0 where it is not set or no such number. */
export function parseShare(setting: string | undefined): number {
  const share = setting === undefined || setting.trim() === "" ? 0 : Number(setting);
  return share >= 0 && share <= 1 ? share : 0;
}

/** Whether a request is among the share: the last 32 bits of its id are random (RFC 9562, 5.7). */
export function isShadowed(requestId: string, share: number): boolean {
  return Number.parseInt(requestId.slice(-8), 16) < share * 2 ** 32;
}
