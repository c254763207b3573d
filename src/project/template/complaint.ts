/** What is wrong with a template, before it is known where: the evaluation adds file and line. */
export class Complaint extends Error {
  readonly code: string;
  readonly next: string | undefined;

  constructor(code: string, message: string, next?: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}

/** A value that what is done with it does not take. */
export function wrongValue(message: string, next?: string): Complaint {
  return new Complaint('TEMPLATE_VALUE', message, next);
}
