import type { QuarantinePolicy } from '../project/configuration.ts';
import { shapeOf } from './shape.ts';

/** What is kept of a fragment: columns of raw.quarantine. */
export interface Sealed {
  readonly bytes: Uint8Array | null;
  readonly shape: string | null;
  readonly recipient: string | null;
}

/**
 * What the policy keeps of the bytes of a fragment: the bytes themselves; an age file (age-encryption.org/v1) that holds
 * them, encrypted to every recipient; or their shape alone.
 */
export async function sealed({ recipients, keep }: QuarantinePolicy, bytes: Uint8Array): Promise<Sealed> {
  if (keep === 'shape') return { bytes: null, shape: shapeOf(bytes), recipient: null };
  if (recipients.length === 0) return { bytes, shape: null, recipient: null };
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return { bytes: await encrypter.encrypt(bytes), shape: null, recipient: recipients.join(', ') };
}
