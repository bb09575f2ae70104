export {
  type DeadLetterInfo,
  type LetterId,
  listDeadLetters,
  parseLetterId,
  readDeadLetter,
} from './letters.ts';
export { retryDeadLetter } from './retry.ts';
