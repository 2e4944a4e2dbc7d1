import { UseGuards, type CanActivate } from '@nestjs/common';

import type { Protection } from '../protection.js';

class ConstantGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

export const protection = (): Protection => ({ guards: [UseGuards(ConstantGuard)], metadata: {} });
