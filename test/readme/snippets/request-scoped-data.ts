import { Injectable, Module, Scope } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  UserGrants,
  WixAuthModule,
  type WixAuthOptions,
  type WixHeldScopes,
  type WixUserIdentity,
} from 'nestjs-wix-auth';

@Injectable({ scope: Scope.REQUEST })
export class StaffQuery {
  isEditor(userId: string): Promise<boolean> {
    return Promise.resolve(userId.length > 0);
  }
}

@Module({ providers: [StaffQuery], exports: [StaffQuery] })
export class StaffModule {}

@Injectable()
export class StaffGrants extends UserGrants {
  constructor(private readonly moduleRef: ModuleRef) {
    super();
  }

  override async of({ userId }: WixUserIdentity): Promise<WixHeldScopes> {
    const staff = await this.moduleRef.resolve(StaffQuery, undefined, { strict: false });
    return { scopes: (await staff.isEditor(userId)) ? '*' : [] };
  }
}

export const withStaff = (options: WixAuthOptions) =>
  WixAuthModule.forRoot({
    ...options,
    imports: [StaffModule],
    providers: [{ provide: UserGrants, useClass: StaffGrants }],
  });
