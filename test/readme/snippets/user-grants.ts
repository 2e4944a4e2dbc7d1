import { Injectable, Module } from '@nestjs/common';
import {
  UserGrants,
  WixAuthModule,
  type WixAuthOptions,
  type WixHeldScopes,
  type WixUserIdentity,
} from 'nestjs-wix-auth';

@Injectable()
export class TeamTable {
  readonly editors = new Set<string>();
}

@Module({ providers: [TeamTable], exports: [TeamTable] })
export class TeamModule {}

@Injectable()
export class TeamGrants extends UserGrants {
  constructor(private readonly team: TeamTable) {
    super();
  }

  override of(user: WixUserIdentity): WixHeldScopes {
    if (user.isSiteOwner || this.team.editors.has(user.userId)) return { scopes: '*' };
    return { scopes: [], hint: 'Ask the owner to add you to the team.' };
  }
}

export const withTeam = (options: WixAuthOptions) =>
  WixAuthModule.forRoot({
    ...options,
    imports: [TeamModule],
    providers: [{ provide: UserGrants, useClass: TeamGrants }],
  });
