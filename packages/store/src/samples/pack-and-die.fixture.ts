/** Opens the store in a directory, packs, and kills itself once a step was reached so many times. */
import { openStore } from '../store.ts';

const [directory = '', step, times] = process.argv.slice(2);
const store = openStore({ directory, memoryBytes: 512 * 1024 * 1024 });
let left = Number(times);
await store.chunks?.pack({
  reached: (reached) => {
    if (reached !== step) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
await store.close();
