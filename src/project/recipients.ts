import type { Configuration } from './configuration.ts';
import type { Problem } from './problem.ts';
import type { Locate } from './project.ts';

/** Recipients of age that bear an attack with a quantum computer. */
const POST_QUANTUM = /^age1(pq|tagpq)1/;

const SECRET = /^AGE-SECRET-KEY-/i;

/**
 * Which of `quarantine.recipients` nothing can be encrypted to. What was written is not repeated: it may be a secret that
 * stands there by mistake.
 */
export async function recipientProblems(
  { quarantine: { recipients } }: Configuration,
  locate: Locate,
): Promise<Problem[]> {
  if (recipients.length === 0) return [];
  const { Encrypter } = await import('age-encryption');
  const faultOf = (recipient: string): Pick<Problem, 'message' | 'next'> | undefined => {
    if (SECRET.test(recipient)) return IDENTITY;
    try {
      new Encrypter().addRecipient(recipient);
      return undefined;
    } catch {
      return UNREADABLE;
    }
  };
  const problems = recipients.flatMap((recipient, index) => {
    const fault = faultOf(recipient);
    return fault === undefined ? [] : [problem(index, fault)];
  });
  const postQuantum = recipients.filter((recipient) => POST_QUANTUM.test(recipient)).length;
  const isMixed = problems.length === 0 && postQuantum > 0 && postQuantum < recipients.length;
  return isMixed ? [problem(undefined, MIXED)] : problems;

  function problem(index: number | undefined, { message, next }: Pick<Problem, 'message' | 'next'>): Problem {
    const path = ['quarantine', 'recipients', ...(index === undefined ? [] : [index])];
    const key = index === undefined ? 'quarantine.recipients' : `quarantine.recipients[${index}]`;
    return { kind: 'usage', code: 'CONFIG_INVALID', message: `${key} ${message}`, place: locate(path), next };
  }
}

const UNREADABLE = {
  message: 'is no recipient of age.',
  next: 'Write the public key that age-keygen prints: age1 and 58 more characters.',
};
const IDENTITY = {
  message: 'is an identity of age: the secret half, which opens what is encrypted.',
  next: 'Take it out of this file and out of its history, make a new one, and write its recipient (age-keygen -y) here.',
};
const MIXED = {
  message: 'mixes post-quantum recipients with others.',
  next: 'Name recipients of one kind: what is encrypted is as safe as the weakest of them.',
};
