export { planLines } from './plan/lines.ts';
export { isInTheWay, type Plan, planDeployment, type Step } from './plan/plan.ts';
export { type Wanted, wantedIn } from './plan/wanted.ts';
