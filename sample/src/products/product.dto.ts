import { ApiProperty } from '@nestjs/swagger';
import { IsNumber, IsString, MinLength } from 'class-validator';

export class ProductDto {
  @ApiProperty({ example: 'Tulips' })
  @IsString()
  @MinLength(1)
  readonly name!: string;

  @ApiProperty({ example: 9 })
  @IsNumber()
  readonly price!: number;
}
