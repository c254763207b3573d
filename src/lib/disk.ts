import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits until the bytes of a file are on the disk, whatever happens to the power. */
export function syncFile(path: string): void {
  // Windows does so only for who may write; elsewhere a file that is read-only can be waited for too.
  sync(path, process.platform === 'win32' ? 'r+' : 'r');
}

/** Waits until the names in a folder are on the disk: that of a file that was made or renamed. Windows has no such thing. */
export function syncFolder(path: string): void {
  if (process.platform !== 'win32') sync(path, 'r');
}

function sync(path: string, flags: 'r' | 'r+'): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
