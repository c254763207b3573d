import { SPACE } from './xml/characters.ts';

/** Where the zone of a date and time came from. */
export type ZoneOrigin = 'data' | 'declared' | 'unknown';

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const MICROSECONDS = 1_000_000;
/** Below any sum that two digits more can make good. */
const NOT_DIGITS = -1_000_000;
const TIME_ZONE = /^([+-])(\d\d):(\d\d)$/;

/** Minutes east of UTC of an offset like `+02:00` or `Z`; undefined if it is none. */
export function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const match = TIME_ZONE.exec(zone);
  const minutes = match === null ? undefined : zoneMinutes(Number(match[2]), Number(match[3]));
  return minutes !== undefined && match?.[1] === '-' ? -minutes : minutes;
}

/** XML Schema part 2, 3.2.7.3: at most fourteen hours. */
function zoneMinutes(hours: number, minutes: number): number | undefined {
  const total = hours * 60 + minutes;
  return hours >= 0 && minutes >= 0 && minutes <= 59 && total <= 14 * 60 ? total : undefined;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
function daysSince1970(year: number, month: number, day: number): number {
  const past = year - 1;
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  const days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return days + DAYS_BEFORE_MONTH[month - 1] + leapDay + day - 1 - 719_162;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Reads complete dates and times: xs:dateTime (XML Schema part 2, 3.2.7) with a year from 0001 to 9999, the fraction
 * cut to microseconds. What is incomplete or impossible is not read.
 */
export class DateTimeReader {
  readonly #declaredMinutes: number | undefined;
  /** Microseconds since 1970 UTC of what was read last, as the words of a 64-bit integer. */
  low = 0;
  high = 0;
  zoneOrigin: ZoneOrigin = 'unknown';

  /** `timeZone`: the offset, like `+02:00`, of times that carry none. */
  constructor(timeZone?: string) {
    this.#declaredMinutes = timeZone === undefined ? undefined : offsetMinutes(timeZone);
  }

  /** Whether bytes[start, end), white space around it aside, is a complete date and time. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    while (start < end && SPACE[bytes[start]] === 1) start++;
    while (start < end && SPACE[bytes[end - 1]] === 1) end--;
    if (end - start < 19 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45 || bytes[start + 10] !== 84)
      return false;
    if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return false;
    const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
    const month = twoDigits(bytes, start + 5);
    const day = twoDigits(bytes, start + 8);
    const hour = twoDigits(bytes, start + 11);
    const minute = twoDigits(bytes, start + 14);
    const second = twoDigits(bytes, start + 17);
    if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return false;
    if (!(hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return false;
    let at = start + 19;
    let fraction = 0;
    if (bytes[at] === 46 && at < end) {
      const from = ++at;
      for (let unit = MICROSECONDS / 10; at < end && isDigit(bytes[at]); at++, unit /= 10) {
        if (unit >= 1) fraction += (bytes[at] - 48) * unit;
      }
      if (at === from) return false;
    }
    if (hour === 24 && (minute > 0 || second > 0 || fraction > 0)) return false;
    const minutes = this.#offset(bytes, at, end);
    if (minutes === undefined) return false;
    const seconds = daysSince1970(year, month, day) * 86_400 + (hour * 60 + minute - minutes) * 60 + second;
    this.#set(seconds, fraction);
    return true;
  }

  #offset(bytes: Uint8Array, at: number, end: number): number | undefined {
    if (at === end) {
      this.zoneOrigin = this.#declaredMinutes === undefined ? 'unknown' : 'declared';
      return this.#declaredMinutes ?? 0;
    }
    this.zoneOrigin = 'data';
    if (bytes[at] === 90 && at + 1 === end) return 0;
    const sign = bytes[at] === 43 ? 1 : bytes[at] === 45 ? -1 : 0;
    if (end - at !== 6 || sign === 0 || bytes[at + 3] !== 58) return undefined;
    const minutes = zoneMinutes(twoDigits(bytes, at + 1), twoDigits(bytes, at + 4));
    return minutes === undefined ? undefined : sign * minutes;
  }

  #set(seconds: number, fraction: number): void {
    const microseconds = seconds * MICROSECONDS + fraction;
    if (Number.isSafeInteger(microseconds)) {
      this.low = microseconds | 0;
      this.high = Math.floor(microseconds / 0x1_0000_0000);
    } else {
      const exact = BigInt(seconds) * BigInt(MICROSECONDS) + BigInt(fraction);
      this.low = Number(BigInt.asIntN(32, exact));
      this.high = Number(exact >> 32n);
    }
  }

  get microseconds(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low >>> 0);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** The number that two digits stand for, or NOT_DIGITS. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 48;
  const ones = bytes[at + 1] - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NOT_DIGITS;
}
