export * from 'nestjs-wix-auth';
