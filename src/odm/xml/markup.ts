import { checkCharacters, isTarget, NAME, SPACE } from './characters.ts';
import { beginsDeclaration, LONGEST_DECLARATION, readDeclaration } from './declaration.ts';
import { MORE, type Window } from './window.ts';

const CDATA = Buffer.from('<![CDATA[');
const COMMENT = Buffer.from('<!--');
const DOCTYPE = Buffer.from('<!DOCTYPE');
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

const CLOSING = { comment: '--', cdata: ']]>', instruction: '?>' } as const;

/** What is no tag and no text: the start of a document, comments, processing instructions, CDATA sections. */
export class Markup {
  readonly #window: Window;
  readonly #onText: (start: number, end: number) => void;
  #inside: 'start' | 'content' | keyof typeof CLOSING = 'start';
  /** Whether tags and text are to be read: we are inside nothing that this class reads. */
  isContent = false;
  /** Whether nothing but white space was seen. */
  blank = true;

  /** `onText` takes the text of CDATA sections, in the buffer of the window. */
  constructor(window: Window, onText: (start: number, end: number) => void) {
    this.#window = window;
    this.#onText = onText;
  }

  #enter(inside: 'content' | keyof typeof CLOSING): void {
    this.#inside = inside;
    this.isContent = inside === 'content';
  }

  /** Whether the document may end here. */
  get isClosed(): boolean {
    return this.#inside === 'content' || this.#inside === 'start';
  }

  /** The mark that ends what is being read; undefined in tags and text. */
  get closing(): string | undefined {
    return this.#inside === 'comment' ? '-->' : CLOSING[this.#inside as keyof typeof CLOSING];
  }

  /** Reads on; returns the index behind what was read, or MORE. */
  read(at: number): number {
    const window: Window = this.#window;
    if (this.#inside === 'start') return this.#start(at);
    const closing = CLOSING[this.#inside as keyof typeof CLOSING];
    const found = window.find(closing, at);
    const until = found < 0 ? this.#safeEnd(at, closing.length) : found;
    checkCharacters(window.bytes, at, until, (index) => window.replaceControl(index));
    if (this.#inside === 'cdata' && until > at) this.#emitCdata(at, until);
    if (found < 0) return until > at ? until : MORE;
    let behind = found + closing.length;
    if (this.#inside === 'comment') {
      if (behind >= window.limit) return found > at ? found : MORE;
      if (window.bytes[behind] !== 62) window.fail("A comment holds '--'.", found);
      behind++;
    }
    this.#enter('content');
    return behind;
  }

  /** As far as neither a closing mark nor a line end can be cut. */
  #safeEnd(at: number, closingLength: number): number {
    const { limit, bytes } = this.#window;
    const until = Math.max(at, limit - closingLength + 1);
    return until > at && bytes[until - 1] === 13 ? until - 1 : until;
  }

  /** Byte order mark and XML declaration. */
  #start(at: number): number {
    const window: Window = this.#window;
    const head = window.bytes.toString('latin1', at, Math.min(at + 8, window.limit));
    if (!window.final && (BYTE_ORDER_MARK.startsWith(head) || '<?xml '.startsWith(head))) return MORE;
    if (window.base + at === 0 && head.startsWith(BYTE_ORDER_MARK)) return at + 3;
    if (!beginsDeclaration(head)) {
      this.#enter('content');
      return at;
    }
    const close = window.find('?>', at);
    if (close < 0) {
      if (window.limit - at > LONGEST_DECLARATION) window.fail('The XML declaration does not end.', at);
      return MORE;
    }
    const declaration = window.bytes.toString('latin1', at, close + 2);
    if (readDeclaration(declaration) === null) window.fail('The XML declaration is malformed.', at);
    this.#enter('content');
    this.blank = false;
    return close + 2;
  }

  /** What begins with `<!`. */
  declaration(at: number, depth: number, rootSeen: boolean): number {
    const window: Window = this.#window;
    this.blank = false;
    const available = Math.min(window.limit - at, CDATA.length);
    const head = window.bytes.subarray(at, at + available);
    if (available >= COMMENT.length && head.subarray(0, COMMENT.length).equals(COMMENT)) {
      this.#enter('comment');
      return at + COMMENT.length;
    }
    const maybe = (markup: Buffer) => head.equals(markup.subarray(0, available));
    if (available < CDATA.length && [CDATA, COMMENT, DOCTYPE].some(maybe)) return MORE;
    if (head.equals(CDATA)) {
      if (depth === 0) window.fail('A CDATA section stands outside the root element.', at);
      this.#enter('cdata');
      return at + CDATA.length;
    }
    if (head.equals(DOCTYPE) && !rootSeen) {
      window.refuse('ODM_DOCTYPE', 'The document has a document type declaration.', at);
    }
    window.fail("'<!' begins no comment and no CDATA section.", at);
  }

  /** What begins with `<?`. */
  instruction(at: number): number {
    const window: Window = this.#window;
    const { bytes } = window;
    this.blank = false;
    let i = at + 2;
    while (NAME[bytes[i]] === 1) i++;
    if (i + 1 >= window.limit) return MORE;
    const target = bytes.toString('utf8', at + 2, i);
    if (target.toLowerCase() === 'xml') {
      window.fail('An XML declaration stands elsewhere than at the start, or is malformed.', at);
    }
    if (!isTarget(target)) window.fail('A processing instruction does not begin with a name.', at);
    if (SPACE[bytes[i]] === 0 && !(bytes[i] === 63 && bytes[i + 1] === 62)) {
      window.fail('A processing instruction has no white space behind its name.', i);
    }
    this.#enter('instruction');
    return i;
  }

  #emitCdata(start: number, end: number): void {
    const window: Window = this.#window;
    if (!window.bytes.subarray(start, end).includes(13)) {
      this.#onText(start, end);
      return;
    }
    const from = window.room(end - start);
    const { bytes } = window;
    let at = from;
    for (let i = start; i < end; i++) {
      if (bytes[i] === 13 && bytes[i + 1] === 10) continue;
      bytes[at++] = bytes[i] === 13 ? 10 : bytes[i];
    }
    this.#onText(from, at);
  }
}
