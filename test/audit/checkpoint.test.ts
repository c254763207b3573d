import { describe, expect, it } from 'vitest';
import { checkpointText, openCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { parseSigner, parseVerifier, signNote } from '../../src/audit/note.ts';

const ROOT = Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64');
const SIGNER = parseSigner('PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz');

// The example of the specification, c2sp.org/tlog-checkpoint.
const EXAMPLE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;

describe('checkpoints', () => {
  it('reads the example of the specification [AUDIT-012]', () => {
    const checkpoint = { origin: 'example.com/behind-the-sofa', size: 20_852_163, root: ROOT };
    expect(openCheckpoint(EXAMPLE)).toEqual({ state: 'not verified', checkpoint });
    expect(EXAMPLE.startsWith(checkpointText(checkpoint))).toBe(true);
  });

  it('is signed by the key whose name is its origin [AUDIT-012]', () => {
    const note = signCheckpoint(3, ROOT, SIGNER);
    expect(note.split('\n').slice(0, 4)).toEqual(['PeterNeumann', '3', ROOT.toString('base64'), '']);
    expect(openCheckpoint(note, SIGNER.verifier)).toEqual({
      state: 'signed',
      checkpoint: { origin: 'PeterNeumann', size: 3, root: ROOT },
    });
  });

  it('is not signed if another key signed it, or the key of another ledger [AUDIT-012]', () => {
    const enoch = parseVerifier('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
    const foreign = signNote(checkpointText({ origin: 'example.com/other', size: 3, root: ROOT }), SIGNER);
    expect(openCheckpoint(signCheckpoint(3, ROOT, SIGNER), enoch)).toEqual({ state: 'wrong signature' });
    expect(openCheckpoint(foreign, SIGNER.verifier)).toEqual({ state: 'wrong signature' });
    expect(openCheckpoint(signCheckpoint(3, ROOT, SIGNER).replace('\n3\n', '\n4\n'), SIGNER.verifier)).toEqual({
      state: 'wrong signature',
    });
  });

  it.each([
    ['a leading zero', 'o\n07\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['a negative size', 'o\n-7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['a size beyond 2^53', 'o\n9999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['no root', 'o\n7\n'],
    ['a root that is not 32 bytes', 'o\n7\nAAAA\n'],
    ['a root in loose base64', 'o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n'],
    ['no origin', '\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['an empty extension line', 'o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nx\n'],
  ])('is malformed with %s [AUDIT-012]', (_what, text) => {
    expect(openCheckpoint(signNote(text, SIGNER))).toEqual({ state: 'malformed' });
  });
});
