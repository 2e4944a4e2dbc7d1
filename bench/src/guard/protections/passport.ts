import { createSecretKey } from 'node:crypto';

import { Injectable, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

import type { GuardSettings } from '../guard-settings.js';
import type { Protection } from '../protection.js';

// As the documentation of NestJS has it, but for the payload, which is handed on as it is.
const strategyFor = (secretOrKey: string) => {
  @Injectable()
  class JwtStrategy extends PassportStrategy(Strategy) {
    constructor() {
      super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey, algorithms: ['HS256'] });
    }

    validate(payload: object): object {
      return payload;
    }
  }
  return JwtStrategy;
};

// passport-jwt hands it on to jsonwebtoken, which takes it and is then much faster; its own typings do not know that.
const keyOf = (secret: string): string => createSecretKey(Buffer.from(secret)) as unknown as string;

export const protection = ({ variant, jwtSecret }: GuardSettings): Protection => ({
  guards: [UseGuards(AuthGuard('jwt'))],
  metadata: { providers: [strategyFor(variant === 'passportKey' ? keyOf(jwtSecret) : jwtSecret)] },
});
