import { IsNumber, IsString, MinLength } from 'class-validator';

export class ProductDto {
  @IsString()
  @MinLength(1)
  readonly name!: string;

  @IsNumber()
  readonly price!: number;
}
