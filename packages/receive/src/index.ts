export { type Accept, type Accepted, type AcceptSinks, createAccept } from './accept.ts';
export { ByteBudget, Gate } from './budget.ts';
export { Door, type DoorAddress, type DoorServers } from './door.ts';
export type { DoorOptions } from './door-options.ts';
export { type Doors, openDoors } from './doors.ts';
export { createGrpcServer } from './grpc.ts';
export { createHttpServer, type HttpDoorOptions } from './http.ts';
export { outcomes } from './outcome.ts';
export { addressClass } from './source.ts';
