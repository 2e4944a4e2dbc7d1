import { WixAuthModule, type WixAuthOptions } from 'nestjs-wix-auth';

export const withRoles = (options: WixAuthOptions) =>
  WixAuthModule.forRoot({
    ...options,
    grants: {
      userRoles: {
        '6600344420111308827': ['SCOPE.DC-STORES.MANAGE-PRODUCTS'], // a role id on Wix; '*' for all the app may do
      },
    },
  });
