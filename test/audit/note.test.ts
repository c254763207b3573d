import { describe, expect, it } from 'vitest';
import { openNote, parseSigner, parseVerifier, signNote, verifierText } from '../../src/audit/note.ts';

// Keys and notes of the documentation of golang.org/x/mod/sumdb/note.
const SIGNER = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT =
  'If you think cryptography is the answer to your problem,\n' + "then you don't know what your problem is.\n";
const PETERS_LINE =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCHS_LINE =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const NOTE = `${TEXT}\n${PETERS_LINE}`;

// From the specification, c2sp.org/signed-note.
const C2SP = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const C2SP_NOTE =
  'This is an example message.\n\n' +
  '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

describe('signed notes', () => {
  it('signs as the Go package does, byte for byte [AUDIT-012]', () => {
    const signer = parseSigner(SIGNER);
    expect(verifierText(signer.verifier)).toBe(PETER);
    expect(signNote(TEXT, signer)).toBe(NOTE);
  });

  it('opens the notes of the specification and of the Go package [AUDIT-012]', () => {
    const peter = parseVerifier(PETER);
    const enoch = parseVerifier(ENOCH);
    expect(openNote(C2SP_NOTE, [parseVerifier(C2SP)])).toMatchObject({
      text: 'This is an example message.\n',
      by: [{}],
    });
    expect(openNote(NOTE, [peter])).toEqual({ text: TEXT, by: [peter] });
    expect(openNote(`${NOTE}${ENOCHS_LINE}`, [enoch, peter])).toEqual({ text: TEXT, by: [peter, enoch] });
  });

  it('passes over signatures of keys it does not know [AUDIT-012]', () => {
    const peter = parseVerifier(PETER);
    expect(openNote(`${NOTE}${ENOCHS_LINE}`, [peter])?.by).toEqual([peter]);
    expect(openNote(NOTE, [])?.by).toEqual([]);
    expect(openNote(NOTE.replace('PeterNeumann', 'PeterNewman'), [peter])?.by).toEqual([]);
  });

  it('refuses a note if the signature of a known key is wrong, whatever the others are [AUDIT-012]', () => {
    const verifiers = [parseVerifier(PETER), parseVerifier(ENOCH)];
    expect(openNote(NOTE.replace('answer', 'answers'), verifiers)).toBeUndefined();
    expect(openNote(`${NOTE}${ENOCHS_LINE.replace('Hp+v', 'Hp+w')}`, verifiers)).toBeUndefined();
  });

  it.each([
    ['no signature', TEXT],
    ['no blank line', TEXT + PETERS_LINE],
    ['no last line break', NOTE.slice(0, -1)],
    ['a control character', `\u0001${NOTE}`],
    ['a carriage return', NOTE.replaceAll('\n', '\r\n')],
    ['a hyphen for the dash', NOTE.replace('\u2014', '-')],
    ['a signature that is no base64', NOTE.replace('AM=\n', 'AN=\n')],
    ['a signature shorter than a key ID', `${TEXT}\n\u2014 PeterNeumann x08g\n`],
    ['text after the signatures', `${NOTE}more\n`],
  ])('refuses %s [AUDIT-012]', (_what, note) => {
    expect(openNote(note, [parseVerifier(PETER)])).toBeUndefined();
  });

  it('refuses every part and every mangling of a key, as the Go package does [AUDIT-013]', () => {
    for (const [key, parse] of [
      [PETER, parseVerifier],
      [SIGNER, parseSigner],
    ] as const) {
      for (let from = 0; from <= key.length; from++) {
        for (let to = from + 1; to <= key.length; to++) {
          if (from > 0 || to < key.length) expect(() => parse(key.slice(from, to))).toThrow('no Ed25519 key');
        }
        const mangled = key.slice(0, from) + String.fromCharCode(key.charCodeAt(from) + 1) + key.slice(from + 1);
        if (from < key.length) expect(() => parse(mangled)).toThrow('no Ed25519 key');
      }
    }
  });

  it('refuses keys of the wrong length or of another algorithm, with key IDs that fit [AUDIT-013]', () => {
    const wrong = [
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
      'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ];
    for (const key of wrong) expect(() => parseVerifier(key)).toThrow('no Ed25519 key');
  });
});
